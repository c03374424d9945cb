/** Names of containers: what is allowed, and one made up when none is given. */
import { randomInt } from 'node:crypto';
import { LaminaError } from '../errors';

/** Docker's rule for container names. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const MAX_LENGTH = 128;

const ADJECTIVES =
  'amber brave brisk calm clear crisp deft eager early fair fleet fresh gentle glad golden hardy honest keen kind light lively lucid mellow merry mild neat nimble noble patient plain quick quiet rapid ready robust silver smooth steady sturdy sunny swift tidy vivid warm wise witty';
const NOUNS =
  'acorn alder anchor badger beacon birch bridge brook cedar comet copper cove crane delta ember falcon fern finch fjord flint garnet grove harbor hazel heron island juniper kestrel lagoon lantern larch linden lynx maple marble meadow mesa osprey otter pebble pine plover quartz raven reef ridge river robin rowan sable slate sparrow spruce summit thistle tundra walnut willow wren';

/** @throws LaminaError INVALID_ARGUMENT */
export function checkContainerName(name: string): void {
  if (NAME.test(name) && name.length <= MAX_LENGTH) return;
  throw new LaminaError('INVALID_ARGUMENT', `“${name.slice(0, MAX_LENGTH)}” cannot be the name of a container.`, {
    subject: name,
    hint: `A name has 2 to ${MAX_LENGTH} letters, digits, “_”, “.” or “-”, and starts with a letter or a digit.`,
  });
}

/** A name that is not taken: an adjective and a noun, with a number when the plain ones seem to run out. */
export function freeName(isTaken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt += 1) {
    const plain = `${pick(ADJECTIVES)}-${pick(NOUNS)}`;
    const name = attempt < 20 ? plain : `${plain}-${randomInt(2, 10_000)}`;
    if (!isTaken(name)) return name;
  }
}

function pick(words: string): string {
  const list = words.split(' ');
  return list[randomInt(list.length)] ?? words;
}
