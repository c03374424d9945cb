/** A folder for one test file, gone when the file is done. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

/** A new empty folder; removed after the tests of the file. */
export async function tempFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `lamina-${name}-`));
  if (made.push(folder) === 1)
    afterAll(() => Promise.all(made.map((one) => rm(one, { recursive: true, force: true }))));
  return folder;
}
