/** The command line as a program, built when the sources are newer than the build, and runs of it with all that came out. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');
const BUILT = join(ROOT, 'out/main/lamina.cjs');
const CACHE = join(ROOT, '.cache/cli');
const DAY_MS = 24 * 60 * 60 * 1000;

let program: Promise<string> | undefined;

/** Path of the program; the worker bundle lies beside it. */
export function builtCli(): Promise<string> {
  program ??= find();
  return program;
}

export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

/** Runs `lamina ARGS…` to its end. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = await startCli(args, options);
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
  child.stdin?.end(options.input);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done, fail) => {
    child.on('error', fail);
    child.on('close', (...end) => done(end));
  });
  return { code, signal, stdout: await stdout, stderr: await stderr };
}

/** Starts `lamina ARGS…` with pipes; the caller reads them and waits for the end. */
export async function startCli(args: readonly string[], options: RunOptions = {}): Promise<ChildProcess> {
  const env = { ...process.env, ...options.env };
  return spawn(process.execPath, [await builtCli(), ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  const chunks: Buffer[] = [];
  if (stream !== null) for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString();
}

async function find(): Promise<string> {
  const newest = await newestIn(join(ROOT, 'src-main'));
  if ((await modified(BUILT)) >= newest) return BUILT;
  // Named after the state of the sources, so that test files running side by side agree without a lock.
  const folder = join(CACHE, String(Math.round(newest)));
  if ((await modified(join(folder, 'lamina.cjs'))) === 0) await buildInto(folder);
  return join(folder, 'lamina.cjs');
}

async function buildInto(folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const outDir = await mkdtemp(join(CACHE, 'building-'));
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir,
      target: 'node18.15',
      rolldownOptions: {
        input: {
          lamina: join(ROOT, 'src-main/cli/main.ts'),
          'layer-worker': join(ROOT, 'src-main/engine/layer/worker-entry.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  });
  // Another test file may have been faster: its build is as good.
  await rename(outDir, folder).catch(() => rm(outDir, { recursive: true }));
  for (const name of await readdir(CACHE)) {
    if (Date.now() - (await modified(join(CACHE, name))) > DAY_MS) await rm(join(CACHE, name), { recursive: true });
  }
}

async function newestIn(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = await Promise.all((await readdir(path)).map((name) => newestIn(join(path, name))));
  return Math.max(found.mtimeMs, ...inside);
}

async function modified(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.mtimeMs,
    () => 0,
  );
}
