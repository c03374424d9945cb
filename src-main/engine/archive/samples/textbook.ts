/**
 * The picture from the textbook: three layers; the file that the third one brings (the seventh written) is a newer
 * version of file 5, so that six files are seen from outside.
 */
import { file, type Sample } from './build';

const DAY = '2024-05-01T0';

export const TEXTBOOK: Sample = {
  description: 'The textbook image: three layers, seven files written, six seen from outside',
  config: {},
  layers: [
    {
      createdBy: 'COPY file1 file2 file3 /',
      comment: 'Layer 1 brings file 1, file 2 and file 3.',
      created: `${DAY}8:00:00Z`,
      entries: [
        file('file1', [
          'This is file 1. It comes from layer 1, the lowest one.',
          'Nothing above it touches it, so this is what a container sees.',
        ]),
        file('file2', [
          'This is file 2. It comes from layer 1.',
          'A layer is a tar archive: the files it adds or changes, and nothing else.',
        ]),
        file('file3', [
          'This is file 3. It comes from layer 1.',
          'Layers are never changed once they are made. That is why images can share them.',
        ]),
      ],
    },
    {
      createdBy: 'COPY file4 file5 file6 /',
      comment: 'Layer 2 brings file 4, file 5 and file 6.',
      created: `${DAY}9:00:00Z`,
      entries: [
        file('file4', [
          'This is file 4. It comes from layer 2.',
          'Seen from outside, it stands beside the files of layer 1 as if they were one folder.',
        ]),
        file('file5', [
          'This is file 5, the OLDER version, from layer 2.',
          'A container does not see it: layer 3 has a newer file 5, and the upper layer wins.',
          'It is still in the image, though, and still part of the download.',
        ]),
        file('file6', [
          'This is file 6. It comes from layer 2.',
          'Count the files from outside: file 1 to file 6. Seven were written.',
        ]),
      ],
    },
    {
      createdBy: 'COPY file7 /file5',
      comment: 'Layer 3 brings one file, the seventh: a newer version of file 5. It hides the older one in layer 2.',
      created: '2024-05-01T10:00:00Z',
      entries: [
        file('file5', [
          'This is file 5, the NEWER version, from layer 3: the seventh file that was written.',
          'It hides the older one in layer 2. Open the versions of this file to read that one, too.',
        ]),
      ],
    },
  ],
};
