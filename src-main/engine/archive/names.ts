/** Names that images bring in archives, and names made up from a file's name for those that bring half of one or none. */
import path from 'node:path';
import { LaminaError } from '../errors';
import { parseReference, tryReference } from '../image/reference';
import { IMAGE_NAME_ANNOTATION, REF_NAME_ANNOTATION } from '../store/index-json';
import type { GivenName } from './job';

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const ENDINGS = /\.(tar|tgz|gz|tar\.gz|docker|oci|docker-archive|oci-archive|rootfs|img|image|layout)$/i;
const MAX_NAME = 128;

/**
 * The names of `RepoTags`. `<none>:<none>` is none.
 * @throws ARCHIVE_INVALID for what is no reference: Docker refuses it too (rule 95)
 */
export function namesOfRepoTags(tags: readonly string[], file: string): GivenName[] {
  return tags
    .filter((tag) => !tag.includes('<none>'))
    .map((tag) => {
      try {
        return { reference: parseReference(tag).full, derived: false };
      } catch (error) {
        throw new LaminaError('ARCHIVE_INVALID', `${file} gives an image the name “${tag}”, which is no valid name.`, {
          subject: file,
          hint: `${error instanceof LaminaError ? error.message : String(error)} Import it under another name with --name.`,
          cause: error,
        });
      }
    });
}

/** The name that a descriptor of `index.json` carries (rule 90); a bare tag is completed with the file's name. */
export function nameOfAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  file: string,
): GivenName | undefined {
  const full = annotations?.[IMAGE_NAME_ANNOTATION];
  const fullReference = full === undefined ? undefined : tryReference(full);
  if (fullReference !== undefined) return { reference: fullReference.full, derived: false };
  const name = annotations?.[REF_NAME_ANNOTATION];
  if (name === undefined) return undefined;
  if (TAG.test(name)) return { reference: parseReference(`${nameFromFile(file)}:${name}`).full, derived: true };
  const reference = tryReference(name);
  return reference === undefined ? undefined : { reference: reference.full, derived: false };
}

/** A repository name made of a file's or folder's name: `My Image (1).tar.gz` is `my-image-1`. */
export function nameFromFile(file: string): string {
  let base = path.basename(path.resolve(file));
  while (ENDINGS.test(base)) base = base.replace(ENDINGS, '');
  const cleaned = base
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    // between letters and digits one “.”, one or two “_”, or any number of “-” may stand
    .replace(/[._-]*[.-][._-]*/g, (run) => (run.includes('-') ? '-' : '.'))
    .replace(/_{3,}/g, '__')
    .slice(0, MAX_NAME)
    .replace(/^[._-]+|[._-]+$/g, '');
  return tryReference(cleaned) === undefined ? 'imported' : cleaned;
}
