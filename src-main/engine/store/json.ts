/**
 * JSON from outside: bounded in size and depth before it is parsed, and without prototypes afterwards, so that a key
 * named `__proto__` or `constructor` is a key like any other (semantics S11–S13).
 */
import { LaminaError, type ErrorCode } from '../errors';

export type JsonObject = Readonly<Record<string, unknown>>;

const MAX_JSON_DEPTH = 64;
/** Manifests and indexes (semantics S11, CTD MaxManifestSize). */
export const MANIFEST_LIMIT = 4 * 1024 * 1024;
export const CONFIG_LIMIT = 8 * 1024 * 1024;
export const INDEX_JSON_LIMIT = 32 * 1024 * 1024;

export interface JsonSource {
  /** What a person calls the document: a file or a digest. */
  readonly subject: string;
  readonly limitBytes: number;
  /** Code of the error when it is not JSON; IMAGE_INVALID by default. */
  readonly code?: ErrorCode;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Parses one JSON object. A byte order mark and trailing text are refused, as Docker does (rule 83).
 * @throws LaminaError LIMIT_EXCEEDED when too large or too deep, `source.code` when it is not a JSON object
 */
export function parseJsonObject(bytes: Uint8Array, source: JsonSource): JsonObject {
  const value = parseJson(bytes, source);
  if (isObject(value)) return value;
  throw new LaminaError(source.code ?? 'IMAGE_INVALID', `${source.subject} is not a JSON object.`, {
    subject: source.subject,
  });
}

/** Like `parseJsonObject` for documents that may be any JSON value. */
export function parseJson(bytes: Uint8Array, source: JsonSource): unknown {
  if (bytes.byteLength > source.limitBytes) {
    throw new LaminaError(
      'LIMIT_EXCEEDED',
      `${source.subject} has ${bytes.byteLength} bytes; at most ${source.limitBytes} are read.`,
      { subject: source.subject, hint: 'No real image has a document this large; the input is damaged or hostile.' },
    );
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (jsonDepth(text) > MAX_JSON_DEPTH) {
    throw new LaminaError('LIMIT_EXCEEDED', `${source.subject} nests deeper than ${MAX_JSON_DEPTH} levels.`, {
      subject: source.subject,
      hint: 'No real image has a document like this; the input is damaged or hostile.',
    });
  }
  try {
    return withoutPrototypes(JSON.parse(text) as unknown);
  } catch (error) {
    throw new LaminaError(
      source.code ?? 'IMAGE_INVALID',
      `${source.subject} is not valid JSON: ${error instanceof Error ? error.message : String(error)}.`,
      { subject: source.subject, cause: error },
    );
  }
}

/** Deepest nesting of brackets outside strings; looks at the text alone, so it is safe on any input. */
function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (char === 0x22) i = endOfString(text, i + 1);
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (char === 0x7d || char === 0x5d) depth -= 1;
  }
  return deepest;
}

function endOfString(text: string, from: number): number {
  for (let i = from; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (char === 0x5c) i += 1;
    else if (char === 0x22) return i;
  }
  return text.length;
}

/** Takes the prototype off every object; recursion is bounded by the depth already checked. */
function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) {
    for (const item of value) withoutPrototypes(item);
  } else if (isObject(value)) {
    Object.setPrototypeOf(value, null);
    for (const item of Object.values(value)) withoutPrototypes(item);
  }
  return value;
}
