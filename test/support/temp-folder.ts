/** Folders for the tests of one file, gone when the file is done. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

// Here and not in the function: a hook that a running test adds would never run.
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 3 }))));

/** A new empty folder; removed after the tests of the file. */
export async function tempFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `lamina-${name}-`));
  made.push(folder);
  return folder;
}
