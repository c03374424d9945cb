/** The layers of an image as the plates of the stack: lowest first, with the writable layer of a container on top. */
import type { ContainerRow, ImageDetails } from '@contract/views';
import { cleanCommand, type Command } from '../format/command';

export interface Plate {
  /** From 1, lowest first; as the tree counts layers. */
  readonly number: number;
  readonly writable: boolean;
  /** What made the layer; undefined when its history says nothing. */
  readonly command: Command | undefined;
  /** The command exactly as the image has it. */
  readonly rawCommand: string | undefined;
  /** Bytes: of the stored blob, or of the content of a container's layer. */
  readonly size: number;
  readonly sharedWith: number;
}

export function platesOf(image: ImageDetails, container?: ContainerRow): Plate[] {
  const plates: Plate[] = image.layerRows.map((row) => ({
    number: row.number,
    writable: false,
    command: row.createdBy === undefined || row.createdBy === '' ? undefined : cleanCommand(row.createdBy),
    rawCommand: row.createdBy,
    size: row.blobSize,
    sharedWith: row.sharedWith,
  }));
  if (container !== undefined)
    plates.push({
      number: plates.length + 1,
      writable: true,
      command: undefined,
      rawCommand: undefined,
      size: container.bytes,
      sharedWith: 0,
    });
  return plates;
}
