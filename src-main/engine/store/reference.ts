/**
 * References: `name:tag` and `name@digest`, with Docker's short names (rule 103; distribution/reference `normalize.go`).
 * `alpine`, `library/alpine:latest` and `docker.io/library/alpine` are one reference; its full form is the identity.
 */
import { isDigest, type Digest } from '../digest/digest';
import { LaminaError } from '../errors';

export interface Reference {
  /** `docker.io/library/alpine:3.11`: the identity. */
  readonly full: string;
  /** `alpine:3.11`: what people read and type. */
  readonly familiar: string;
  /** Repository with its registry: `docker.io/library/alpine`. */
  readonly name: string;
  readonly tag?: string | undefined;
  readonly digest?: Digest | undefined;
}

const DEFAULT_DOMAIN = 'docker.io';
const OFFICIAL_PREFIX = 'library/';
const MAX_NAME_LENGTH = 255;

const DOMAIN =
  /^(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]+)?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|__|_|-+)[a-z0-9]+)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const HEX_ID = /^[0-9a-f]{64}$/;

/**
 * Reads a reference as people type it; a missing tag is `latest` unless there is a digest.
 * @throws LaminaError INVALID_REFERENCE saying which part is wrong
 */
export function parseReference(text: string): Reference {
  const { repository, tag, digest } = cut(text);
  const { domain, remainder } = cutDomain(repository);
  checkName(text, domain, remainder);
  if (tag !== undefined && !TAG.test(tag)) {
    throw invalid(text, 'the tag may have letters, digits, “_”, “.” and “-”, at most 128, and no “.” or “-” first');
  }
  if (digest !== undefined && !isDigest(digest)) throw invalid(text, 'after “@” comes sha256: and 64 hex digits');
  const effectiveTag = tag ?? (digest === undefined ? 'latest' : undefined);
  const suffix = (effectiveTag === undefined ? '' : `:${effectiveTag}`) + (digest === undefined ? '' : `@${digest}`);
  const name = `${domain}/${remainder}`;
  return { full: name + suffix, familiar: familiarName(domain, remainder) + suffix, name, tag: effectiveTag, digest };
}

/** The reference, or undefined when the text is not one. */
export function tryReference(text: string): Reference | undefined {
  try {
    return parseReference(text);
  } catch {
    return undefined;
  }
}

/** Short form of a full reference, for people. Text that is no reference comes back as it is. */
export function familiarOf(full: string): string {
  return tryReference(full)?.familiar ?? full;
}

function cut(text: string): { repository: string; tag: string | undefined; digest: string | undefined } {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const rest = at < 0 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(':');
  // A colon before the last slash belongs to the registry's port.
  if (colon <= rest.lastIndexOf('/')) return { repository: rest, tag: undefined, digest };
  return { repository: rest.slice(0, colon), tag: rest.slice(colon + 1), digest };
}

function cutDomain(repository: string): { domain: string; remainder: string } {
  const slash = repository.indexOf('/');
  const first = slash < 0 ? '' : repository.slice(0, slash);
  const isDomain = /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first;
  if (!isDomain) return withOfficialPrefix(DEFAULT_DOMAIN, repository);
  return withOfficialPrefix(first === 'index.docker.io' ? DEFAULT_DOMAIN : first, repository.slice(slash + 1));
}

function withOfficialPrefix(domain: string, remainder: string): { domain: string; remainder: string } {
  const official = domain === DEFAULT_DOMAIN && remainder !== '' && !remainder.includes('/');
  return { domain, remainder: official ? OFFICIAL_PREFIX + remainder : remainder };
}

function checkName(text: string, domain: string, remainder: string): void {
  if (text === '') throw invalid(text, 'it is empty');
  if (domain.length + remainder.length + 1 > MAX_NAME_LENGTH) {
    throw invalid(text, `the name has more than ${MAX_NAME_LENGTH} characters`);
  }
  if (!DOMAIN.test(domain)) throw invalid(text, `“${domain}” is not a registry host`);
  const wrong = remainder.split('/').find((component) => !COMPONENT.test(component));
  if (wrong !== undefined) {
    const lower = wrong.toLowerCase() === wrong ? '' : ' (repository name must be lowercase)';
    throw invalid(
      text,
      `“${wrong}” is not a name: lower-case letters and digits joined by “.”, “_”, “__” or “-”${lower}`,
    );
  }
  if (remainder.startsWith(OFFICIAL_PREFIX) && HEX_ID.test(remainder.slice(OFFICIAL_PREFIX.length))) {
    throw invalid(text, 'a name of 64 hex digits would be taken for an image ID');
  }
}

function familiarName(domain: string, remainder: string): string {
  if (domain !== DEFAULT_DOMAIN) return `${domain}/${remainder}`;
  const short = remainder.startsWith(OFFICIAL_PREFIX) ? remainder.slice(OFFICIAL_PREFIX.length) : remainder;
  return short.includes('/') ? remainder : short;
}

function invalid(text: string, why: string): LaminaError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return new LaminaError('INVALID_REFERENCE', `“${shown}” is not a valid reference: ${why}.`, {
    subject: shown,
    hint: 'Write it as name:tag, for example team/app:1.0.',
  });
}
