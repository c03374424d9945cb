/**
 * A docker-archive made of numbers alone: the same bytes on every machine. About 300 MB in five layers with 20,000
 * files, most of them small and a few large, as in images of a distribution and an interpreter.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Header } from 'tar';

const LAYERS = 5;
const FILES_PER_LAYER = 4_000;
const FILES_PER_FOLDER = 40;
const POOL_BYTES = 1024 * 1024;
const MTIME = new Date(1_600_000_000_000);

/** Marsaglia's xorshift32: enough for sizes and bytes that compress like program files. */
function numbers(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function sizeOf(random) {
  const kind = random();
  if (kind < 0.7) return Math.floor(random() * 6 * 1024);
  if (kind < 0.97) return Math.floor(random() * 40 * 1024);
  return Math.floor(random() * 520 * 1024);
}

function padding(size) {
  return (512 - (size % 512)) % 512;
}

function planLayer(layer) {
  const random = numbers(layer + 1);
  const entries = [];
  for (let index = 0; index < FILES_PER_LAYER; index++) {
    const folder = `usr/lib/layer-${layer}/package-${Math.floor(index / FILES_PER_FOLDER)}`;
    if (index % FILES_PER_FOLDER === 0) entries.push({ path: `${folder}/`, type: 'Directory', mode: 0o755, size: 0 });
    entries.push({
      path: `${folder}/module-${index}.py`,
      type: 'File',
      mode: 0o644,
      size: sizeOf(random),
      at: random(),
    });
  }
  return entries;
}

function header({ path, type, mode, size }) {
  const block = Buffer.alloc(512);
  new Header({ path, type, mode, size, uid: 0, gid: 0, mtime: MTIME }).encode(block, 0);
  return block;
}

/** Half of it repeats itself, so that it compresses to about a half, as real layers do. */
function makePool() {
  const random = numbers(99);
  const pool = Buffer.alloc(POOL_BYTES);
  for (let at = 0; at < POOL_BYTES; at++) pool[at] = at % 64 < 32 ? Math.floor(random() * 256) : 0x20 + (at % 64);
  return pool;
}

/** Writes the archive and gives its size in bytes. */
export async function writeBenchArchive(file) {
  const handle = await open(file, 'w');
  try {
    let bytes = 0;
    const out = async (chunk) => {
      bytes += chunk.length;
      await handle.writeFile(chunk);
    };
    const diffIds = [];
    for (let layer = 0; layer < LAYERS; layer++) diffIds.push(await writeLayer(out, layer));
    const layers = diffIds.map((_, layer) => `layer-${layer}/layer.tar`);
    const config = JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      created: MTIME.toISOString(),
      config: { Cmd: ['/bin/sh'] },
      rootfs: { type: 'layers', diff_ids: diffIds },
      history: diffIds.map((_, layer) => ({ created: MTIME.toISOString(), created_by: `layer ${layer}` })),
    });
    const name = `${createHash('sha256').update(config).digest('hex')}.json`;
    await writeMember(out, name, Buffer.from(config));
    const manifest = JSON.stringify([{ Config: name, RepoTags: ['lamina-bench:latest'], Layers: layers }]);
    await writeMember(out, 'manifest.json', Buffer.from(manifest));
    await out(Buffer.alloc(1024));
    return bytes;
  } finally {
    await handle.close();
  }
}

async function writeMember(out, path, body) {
  await out(Buffer.concat([header({ path, type: 'File', mode: 0o644, size: body.length }), body]));
  await out(Buffer.alloc(padding(body.length)));
}

async function writeLayer(out, layer) {
  const entries = planLayer(layer);
  const size = entries.reduce((sum, entry) => sum + 512 + entry.size + padding(entry.size), 1024);
  await out(header({ path: `layer-${layer}/layer.tar`, type: 'File', mode: 0o644, size }));
  const hash = createHash('sha256');
  const pool = makePool();
  for (const entry of entries) {
    const start = Math.floor((entry.at ?? 0) * (POOL_BYTES - entry.size));
    const content = pool.subarray(start, start + entry.size);
    const chunk = Buffer.concat([header(entry), content, Buffer.alloc(padding(entry.size))]);
    hash.update(chunk);
    await out(chunk);
  }
  const end = Buffer.alloc(1024);
  await out(end);
  return `sha256:${hash.update(end).digest('hex')}`;
}
