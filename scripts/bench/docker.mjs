/** A Docker daemon of our own, its data in a folder that goes away with it. Needs root. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const START_TIMEOUT_MS = 60_000;
/** Ticks of /proc/<pid>/stat a second: the same on every Linux. */
const TICKS_PER_SECOND = 100;

export async function startDocker(base) {
  const folder = await mkdtemp(join(base, 'docker-'));
  const host = `unix://${join(folder, 'sock')}`;
  const places = [
    '--data-root',
    join(folder, 'data'),
    '--exec-root',
    join(folder, 'exec'),
    '--pidfile',
    join(folder, 'pid'),
  ];
  const daemon = spawn('dockerd', ['--iptables=false', '--bridge=none', '-H', host, ...places], { stdio: 'ignore' });
  const stop = async () => {
    if (daemon.exitCode === null) {
      const exited = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill('SIGTERM');
      await exited;
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await answering(daemon, host);
  } catch (error) {
    await stop();
    throw error;
  }
  return { host, cpuSeconds: () => cpuSeconds(daemon.pid), stop };
}

async function answering(daemon, host) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await execute('docker', ['-H', host, 'version']);
      return;
    } catch (error) {
      if (daemon.exitCode !== null || Date.now() > deadline) throw new Error('dockerd did not start', { cause: error });
      await setTimeout(100);
    }
  }
}

/** Of the daemon and of the children it has waited for, which unpack the layers. */
async function cpuSeconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime, cstime are fields 14 to 17 of proc(5); the slice begins at field 3.
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}
