/** What is measured: each run answers wall seconds, CPU seconds and, for Lamina, peak memory and the longest block. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';

const execute = promisify(execFile);
const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const CHUNK_BYTES = 1024 * 1024;

async function timed(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

/** The physical limits: what no import can be faster than on this machine, one thread each. */
export function copyWithFsync(archive, folder) {
  return timed(async () => {
    const target = join(folder, 'copy');
    const [from, to] = [await open(archive, 'r'), await open(target, 'w')];
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await from.read(buffer, 0, buffer.length);
      if (bytesRead === 0) break;
      await to.write(buffer, 0, bytesRead);
    }
    await to.sync();
    await Promise.all([from.close(), to.close()]);
    await rm(target);
  });
}

export function hashOnce(archive) {
  return timed(async () => {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(archive, { highWaterMark: CHUNK_BYTES })) hash.update(chunk);
    hash.digest();
  });
}

export function inflateOnce(gzipped) {
  return timed(() =>
    pipeline(
      createReadStream(gzipped, { highWaterMark: CHUNK_BYTES }),
      createGunzip({ chunkSize: CHUNK_BYTES }),
      async (all) => {
        for await (const chunk of all) if (chunk.length === 0) return;
      },
    ),
  );
}

/** The built command line, in a process and a store of its own. */
export async function laminaImport(archive, folder) {
  const [store, seen] = [join(folder, 'store'), join(folder, 'probe.json')];
  const start = performance.now();
  await execute(
    process.execPath,
    [
      ...['--require', join(root, 'scripts/bench/probe.cjs'), join(root, 'out/main/lamina.cjs')],
      ...['--store', store, 'import', archive],
    ],
    { env: { ...process.env, LAMINA_BENCH_PROBE: seen } },
  );
  const wall = (performance.now() - start) / 1000;
  const { cpuSeconds, peakBytes, longestBlockMs } = JSON.parse(await readFile(seen, 'utf8'));
  await rm(store, { recursive: true });
  return { wall, cpu: cpuSeconds, peakBytes, longestBlockMs };
}

/** Runs a program; the shell's `times` tells the CPU seconds of what it ran. */
async function program(command, ...args) {
  const start = performance.now();
  const { stdout } = await execute('sh', ['-c', '"$@" >&2 && times', 'sh', command, ...args]);
  const wall = (performance.now() - start) / 1000;
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
  return { wall, cpu };
}

export async function skopeoCopy(archive, folder) {
  const target = join(folder, 'skopeo');
  const result = await program(
    'skopeo',
    'copy',
    '--insecure-policy',
    `docker-archive:${archive}`,
    `oci:${target}:bench`,
  );
  await rm(target, { recursive: true });
  return result;
}

/** @param daemon what `startDocker` gave: a fresh one for every run, as a second load of the same layers does nothing */
export async function dockerLoad(archive, daemon) {
  const before = await daemon.cpuSeconds();
  const { wall, cpu } = await program('docker', '-H', daemon.host, 'load', '-i', archive);
  return { wall, cpu: cpu + (await daemon.cpuSeconds()) - before };
}
