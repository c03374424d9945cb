/** skopeo's `dir:` (semantics 1.11 rule 97): `manifest.json` is the registry's manifest, blobs are named by bare hex. */
import { digestOf, hexOf } from '../../digest/digest';
import { LaminaError } from '../../errors';
import { kindOfDocument } from '../../image/manifest';
import { isIndexType, isManifestType, OCI_INDEX, OCI_MANIFEST } from '../../image/media-types';
import { isObject, MANIFEST_LIMIT } from '../../store/json';
import type { Descriptor } from '../../store/types';
import { memberSubject } from '../document';
import type { ImportJob, ReadImage } from '../job';
import { ArchiveBlobs } from '../oci/blobs';
import { readRoots } from '../oci/read';
import { readRegion } from '../read-region';

export async function readDirectory(job: ImportJob): Promise<ReadImage[]> {
  const { source } = job.archive;
  const root = await rootOf(job);
  const blobs = new ArchiveBlobs(job, (digest) => {
    if (digest === root.digest) return source.find('manifest.json');
    return source.find(hexOf(digest)) ?? source.find(`${hexOf(digest)}.manifest.json`);
  });
  return readRoots(job, blobs, { named: [{ descriptor: root, names: [] }], docker: [] });
}

async function rootOf(job: ImportJob): Promise<Descriptor> {
  const { source, manifestJson } = job.archive;
  const subject = memberSubject(source, 'manifest.json');
  const member = source.find('manifest.json');
  if (member === undefined) throw new LaminaError('INTERNAL', `${subject} is gone.`, { subject });
  const bytes = await readRegion(member, MANIFEST_LIMIT, subject);
  const declared = isObject(manifestJson) ? manifestJson['mediaType'] : undefined;
  const isKnown = typeof declared === 'string' && (isIndexType(declared) || isManifestType(declared));
  const guessed = kindOfDocument(bytes, subject) === 'index' ? OCI_INDEX : OCI_MANIFEST;
  return { mediaType: isKnown ? declared : guessed, digest: digestOf(bytes), size: bytes.length };
}
