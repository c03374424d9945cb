/** A Docker daemon of the test's own: no network, its data in a folder that is removed at the end. Needs root. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const START_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

export interface Docker {
  /** Runs `docker ARGS…` against this daemon and answers its standard output. */
  docker(...args: string[]): Promise<string>;
  /** Address for programs that take one, `unix://…`. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Starts a daemon and waits until it answers. */
export async function startDocker(): Promise<Docker> {
  const folder = await mkdtemp(join(tmpdir(), 'lamina-docker-'));
  const host = `unix://${join(folder, 'docker.sock')}`;
  const logFile = join(folder, 'dockerd.log');
  const log = openSync(logFile, 'w');
  const daemon = spawn(
    'dockerd',
    [
      ...['--iptables=false', '--bridge=none', '-H', host],
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid')],
    ],
    { stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const docker = async (...args: string[]): Promise<string> => {
    const { stdout } = await execute('docker', ['-H', host, ...args], { maxBuffer: MAX_OUTPUT_BYTES });
    return stdout;
  };
  const stop = async (): Promise<void> => {
    await exitOf(daemon);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await answering(daemon, docker);
  } catch (error) {
    const said = await readFile(logFile, 'utf8').catch(() => '');
    await stop();
    throw new Error(`dockerd did not start: ${said.slice(-2_000)}`, { cause: error });
  }
  return { docker, host, stop };
}

async function answering(daemon: ChildProcess, docker: Docker['docker']): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await docker('version');
      return;
    } catch (error) {
      // The client itself takes a moment to fail, so this loop does not spin.
      if (daemon.exitCode !== null || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function exitOf(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null) return;
  const exited = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill('SIGTERM');
  await exited;
}
