/**
 * Telling whether the process that left something behind still runs. A process id alone is not enough: ids are reused,
 * often soon after a restart of the machine. So the time the process started goes with it.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { promisify } from 'node:util';
import { errorCode, ifExists } from './system-error';

/** A process of this machine, by three texts without `-` or path characters. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: boot and clock ticks, hashed; elsewhere the start in milliseconds, exact to about a second. */
  readonly start: string;
  /** Hash of the host name: another machine's processes cannot be looked at. */
  readonly host: string;
}

export type Liveness = 'running' | 'gone' | 'unknown';

const START_TOLERANCE_MS = 5_000;
const LOOKUP_TIMEOUT_MS = 10_000;

const run = promisify(execFile);
let own: Promise<ProcessIdentity> | undefined;

/** Identity of this process. */
export function ownIdentity(): Promise<ProcessIdentity> {
  own ??= findOwn();
  return own;
}

/** Whether the very process runs: `gone` for an id that another process has now, `unknown` on another machine. */
export async function livenessOf(identity: ProcessIdentity): Promise<Liveness> {
  if (identity.host !== hostText()) return 'unknown';
  if (!idIsTaken(identity.pid)) return 'gone';
  const start = await startOf(identity.pid);
  if (start === undefined) return idIsTaken(identity.pid) ? 'running' : 'gone';
  return sameStart(start, identity.start) ? 'running' : 'gone';
}

async function findOwn(): Promise<ProcessIdentity> {
  const start = (await linuxStart(process.pid)) ?? String(Math.round(Date.now() - process.uptime() * 1000));
  return { pid: process.pid, start, host: hostText() };
}

function hostText(): string {
  return shortHash(os.hostname());
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function idIsTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function sameStart(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [Number(a), Number(b)];
  return Math.abs(left - right) <= START_TOLERANCE_MS;
}

function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return linuxStart(pid);
  return process.platform === 'win32' ? windowsStart(pid) : unixStart(pid);
}

/** Field 22 of /proc/PID/stat, counted from boot, with the boot's own id. The command name before it may hold anything. */
async function linuxStart(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const stat = await ifExists(readFile(`/proc/${pid}/stat`, 'utf8'));
  const boot = await ifExists(readFile('/proc/sys/kernel/random/boot_id', 'utf8'));
  const ticks = stat
    ?.slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .at(19);
  return ticks === undefined ? undefined : `b${shortHash(`${boot ?? ''} ${ticks}`)}`;
}

/** Start of a process by `ps`, in milliseconds. */
export async function unixStart(pid: number): Promise<string | undefined> {
  return asMilliseconds('ps', ['-o', 'lstart=', '-p', String(pid)], Date.parse);
}

async function windowsStart(pid: number): Promise<string | undefined> {
  const script = `(New-TimeSpan -Start (Get-Date '1970-01-01') -End (Get-Process -Id ${pid}).StartTime.ToUniversalTime()).TotalMilliseconds`;
  return asMilliseconds('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], Number);
}

async function asMilliseconds(
  program: string,
  args: readonly string[],
  read: (text: string) => number,
): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, args, { timeout: LOOKUP_TIMEOUT_MS, env: { ...process.env, LC_ALL: 'C' } });
    const start = read(stdout.trim());
    return Number.isFinite(start) && stdout.trim() !== '' ? String(Math.round(start)) : undefined;
  } catch {
    // The process ended meanwhile, or the program is missing: the caller then goes by the id alone.
    return undefined;
  }
}
