/** Small random layers over few names, so that they meet each other in every way. */
import fc from 'fast-check';
import { dir, file, hardlink, opaque, symlink, whiteout, type EntryPart } from './tar-builder';

const name = fc.constantFrom('a', 'b', 'c');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const options = fc.record({ mode: fc.constantFrom(0o600, 0o644, 0o755), uid: fc.constantFrom(0, 7) });
const target = fc.oneof(
  path,
  path.map((to) => `/${to}`),
  path.map((to) => `../${to}`),
);

export const whiteoutPart: fc.Arbitrary<EntryPart> = fc.oneof(
  { weight: 3, arbitrary: path.map((hidden) => whiteout(hidden)) },
  { weight: 1, arbitrary: path.map((directory) => opaque(directory)) },
);

export const additionPart: fc.Arbitrary<EntryPart> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(path, fc.constantFrom('1', '22', '333'), options).map((args) => file(...args)) },
  { weight: 3, arbitrary: fc.tuple(path, options).map((args) => dir(...args)) },
  { weight: 2, arbitrary: fc.tuple(path, target).map((args) => symlink(...args)) },
  { weight: 2, arbitrary: fc.tuple(path, path, options).map((args) => hardlink(...args)) },
);

export const layer: fc.Arbitrary<EntryPart[]> = fc.array(
  fc.oneof({ weight: 1, arbitrary: whiteoutPart }, { weight: 4, arbitrary: additionPart }),
  { maxLength: 7 },
);
