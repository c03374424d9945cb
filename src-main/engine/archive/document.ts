/** The JSON documents of archives, looked at as Go programs look at them. */
import { parseJson, type JsonObject } from '../store/json';
import { readRegion } from './read-region';
import type { ArchiveSource, Member } from './source';

/** Most bytes of a `manifest.json`, `repositories` or legacy `json` member that are read (semantics 3, S11). */
export const DOCUMENT_LIMIT = 8 * 1024 * 1024;

/** What a person calls a member: `manifest.json in FILE`. */
export function memberSubject(source: ArchiveSource, name: string): string {
  return `${name} in ${source.file}`;
}

/** Reads and parses a JSON member. @throws LIMIT_EXCEEDED, ARCHIVE_INVALID */
export async function readDocument(source: ArchiveSource, member: Member): Promise<unknown> {
  const subject = memberSubject(source, member.name);
  const bytes = await readRegion(member, DOCUMENT_LIMIT, subject);
  return parseJson(bytes, { subject, limitBytes: DOCUMENT_LIMIT, code: 'ARCHIVE_INVALID' });
}

/** A field as Go's decoder finds it: the name in any case, the last one wins (rule 83). */
export function fieldOf(value: JsonObject, name: string): unknown {
  let found: unknown;
  for (const [key, field] of Object.entries(value)) {
    if (key.toLowerCase() === name.toLowerCase()) found = field;
  }
  return found;
}

/** An array of strings; null and absence are an empty one; undefined for anything else. */
export function stringsOf(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const strings = value.filter((item): item is string => typeof item === 'string');
  return strings.length === value.length ? strings : undefined;
}
