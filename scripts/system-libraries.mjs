// Checks for the system libraries that Electron needs on Debian and Ubuntu, and for Xvfb, which gives tests a display.
// Installs what is missing where it may (as root), otherwise says which command would. Run directly it does just that.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const WINDOW_PACKAGES = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libatspi2.0-0',
  'libdrm2',
  'libxkbcommon0',
  'dbus',
  'fonts-noto-cjk',
];
const DISPLAY_PACKAGES = ['xvfb'];
/** Names since the switch to 64-bit time (Debian 13, Ubuntu 24.04). */
const RENAMED = ['libgtk-3-0', 'libasound2', 'libatspi2.0-0'];

/**
 * @param {{ display?: boolean }} [options] `display: false` leaves out Xvfb, for a machine that has a screen
 * @returns {Promise<void>}
 * @throws {Error} with the command to run when something is missing and cannot be installed here
 */
export async function ensureSystemLibraries({ display = true } = {}) {
  // Other systems bring what Electron needs, or have other names for it; Electron then names the library it misses.
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return;
  const wanted = [...WINDOW_PACKAGES, ...(display ? DISPLAY_PACKAGES : [])];
  const missing = missingPackages(wanted);
  if (missing.length === 0) return;
  const names = missing.map(installableName);
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0) {
    throw new Error(`The window needs packages that are not installed. Install them with:\n  sudo ${command}`);
  }
  console.log(`Installing ${names.join(', ')}…`);
  apt(['update']);
  apt(['install', '-y', '--no-install-recommends', ...names]);
}

function missingPackages(names) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Package}\\n'], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const installed = new Set();
  for (const line of stdout.split('\n')) {
    if (line.startsWith('installed ')) installed.add(line.slice('installed '.length));
  }
  return names.filter((name) => !installed.has(name) && !installed.has(`${name}t64`));
}

function installableName(name) {
  if (!RENAMED.includes(name)) return name;
  const { stdout } = spawnSync('apt-cache', ['show', `${name}t64`], { encoding: 'utf8' });
  return stdout.includes(`Package: ${name}t64`) ? `${name}t64` : name;
}

function apt(args) {
  const { status, stdout, stderr } = spawnSync('apt-get', ['-q', ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return;
  throw new Error(`apt-get ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await ensureSystemLibraries();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
