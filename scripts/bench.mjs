/**
 * `npm run bench`: imports a docker-archive of about 300 MB into a fresh store, beside what the machine can do at best
 * and beside `docker load` and `skopeo copy` of the same file. Everything takes turns, three rounds, medians.
 *
 *     LAMINA_BENCH_ARCHIVE  an archive of your own instead of the generated one
 *     LAMINA_BENCH_DIR      where to work instead of the system's folder for temporary files
 *     LAMINA_BENCH_ROUNDS   rounds instead of three
 *
 * Writes nothing that stays. Ends with 1 when the orchestrating thread was blocked for 50 ms or longer, or the process
 * took 400 MB or more.
 */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { writeBenchArchive } from './bench/archive.mjs';
import { startDocker } from './bench/docker.mjs';
import { makePlace } from './bench/place.mjs';
import { copyWithFsync, dockerLoad, hashOnce, inflateOnce, laminaImport, skopeoCopy } from './bench/runs.mjs';
import { ensureBuilt } from './lib/build.mjs';

const ROUNDS = Number(process.env['LAMINA_BENCH_ROUNDS'] ?? 3);
const MAX_BLOCK_MS = 50;
const MAX_PEAK_BYTES = 400e6;
const LAMINA = 'lamina import';

const execute = promisify(execFile);

function has(program) {
  return execute('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );
}

async function prepareArchive(folder) {
  const own = process.env['LAMINA_BENCH_ARCHIVE'];
  const archive = own === undefined ? join(folder, 'archive.tar') : resolve(own);
  if (own === undefined) await writeBenchArchive(archive);
  const gzipped = join(folder, 'archive.tar.gz');
  await pipeline(createReadStream(archive), createGzip({ level: 6 }), createWriteStream(gzipped));
  return { archive, gzipped, bytes: (await stat(archive)).size };
}

/** Name and work of every run; the peers that are missing are named in the output. */
async function contestants({ archive, gzipped }, folder) {
  const runs = [
    ['copy with fsync', () => copyWithFsync(archive, folder)],
    ['sha256, once', () => hashOnce(archive)],
    ['inflate (if it were gzip)', () => inflateOnce(gzipped)],
    [LAMINA, () => laminaImport(archive, folder)],
  ];
  if (await has('skopeo')) runs.push(['skopeo copy → oci', () => skopeoCopy(archive, folder)]);
  else console.log('skopeo is not installed: left out.');
  if ((await has('dockerd')) && (await has('docker')) && process.getuid?.() === 0) {
    runs.push(['docker load', () => withDocker(archive, folder)]);
  } else console.log('docker load needs dockerd, docker and root: left out.');
  return runs;
}

async function withDocker(archive, folder) {
  const daemon = await startDocker(folder);
  try {
    return await dockerLoad(archive, daemon);
  } finally {
    await daemon.stop();
  }
}

function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Medians of each column. */
async function measure(runs) {
  const results = new Map(runs.map(([name]) => [name, []]));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [name, run] of runs) {
      // What an earlier run left to write must not be paid for by the next one.
      await execute('sync').catch(() => undefined);
      results.get(name).push(await run());
      console.log(`round ${round} of ${ROUNDS}: ${name} ${results.get(name).at(-1).wall.toFixed(2)} s`);
    }
  }
  return [...results].map(([name, all]) => ({
    name,
    wall: median(all.map(({ wall }) => wall)),
    cpu: median(all.map(({ cpu }) => cpu)),
    peakBytes: median(all.map(({ peakBytes }) => peakBytes)),
    longestBlockMs: median(all.map(({ longestBlockMs }) => longestBlockMs)),
  }));
}

function printTable(rows, bytes) {
  const lamina = rows.find(({ name }) => name === LAMINA);
  const cells = rows.map(({ name, wall, cpu, peakBytes, longestBlockMs }) => [
    name,
    wall.toFixed(2),
    cpu.toFixed(2),
    (bytes / 1e6 / wall).toFixed(0),
    `${(wall / lamina.wall).toFixed(2)}×`,
    peakBytes === undefined ? '' : (peakBytes / 1e6).toFixed(0),
    longestBlockMs === undefined ? '' : longestBlockMs.toFixed(1),
  ]);
  const titles = ['', 'wall s', 'CPU s', 'MB/s', 'beside Lamina', 'peak MB', 'longest block ms'];
  const widths = titles.map((title, column) => Math.max(...[titles, ...cells].map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ');
  console.log(`\n${[titles, ...cells].map(line).join('\n')}`);
}

function verdict({ longestBlockMs, peakBytes }) {
  const isGood = longestBlockMs < MAX_BLOCK_MS && peakBytes < MAX_PEAK_BYTES;
  console.log(
    `\nThe orchestrating thread was blocked for ${longestBlockMs.toFixed(1)} ms at most (limit ${MAX_BLOCK_MS} ms), ` +
      `the whole process took ${(peakBytes / 1e6).toFixed(0)} MB (limit ${MAX_PEAK_BYTES / 1e6} MB): ` +
      `${isGood ? 'within both' : 'over the limit'}.`,
  );
  process.exitCode = isGood ? 0 : 1;
}

await ensureBuilt();
const place = await makePlace();
try {
  const prepared = await prepareArchive(place.folder);
  console.log(
    `${(prepared.bytes / 1e6).toFixed(0)} MB, ${cpus().length} cores, Node ${process.versions.node}, on ${place.kind}.`,
  );
  const rows = await measure(await contestants(prepared, place.folder));
  printTable(rows, prepared.bytes);
  verdict(rows.find(({ name }) => name === LAMINA));
} finally {
  await place.remove();
}
