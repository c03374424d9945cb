/** Digests as values: grammar, ChainIDs (image-spec descriptor.md "Digests", config.md "Layer ChainID"). */
import { createHash } from 'node:crypto';
import { LaminaError } from '../errors';

/** `sha256:` and 64 lower-case hex digits. Other algorithms pass the grammar of the spec but cannot be used here. */
export type Digest = `sha256:${string}`;

const SHA256 = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return SHA256.test(text);
}

/** @throws LaminaError ARCHIVE_INVALID when the text is not a usable digest: it must never reach a path join. */
export function parseDigest(text: unknown, subject?: string): Digest {
  if (typeof text === 'string' && isDigest(text)) return text;
  throw new LaminaError('ARCHIVE_INVALID', `“${String(text).slice(0, 100)}” is not a SHA-256 digest.`, {
    subject,
    hint: 'Only digests of the form sha256:<64 lower-case hex digits> can be used.',
  });
}

export function digestFromHex(hex: string): Digest {
  return parseDigest(`sha256:${hex}`);
}

export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

export function digestOf(bytes: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** ChainID of each prefix of the layer stack, lowest first (config.md "Layer ChainID"). */
export function chainIds(diffIds: readonly Digest[]): Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(`${below} ${diffId}`));
  }
  return chain;
}
