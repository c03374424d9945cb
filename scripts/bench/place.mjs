/**
 * Where the measuring happens. Programs that unpack many small files are several times slower on a used root
 * filesystem than on a fresh one, so as root on Linux all of them get a fresh ext4 in a loop file; else a folder.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const DISK_BYTES = 12 * 1024 ** 3;

/** @returns {Promise<{ folder: string, kind: string, remove(): Promise<void> }>} */
export async function makePlace() {
  const base = await mkdtemp(join(process.env['LAMINA_BENCH_DIR'] ?? tmpdir(), 'lamina-bench-'));
  const removeBase = () => rm(base, { recursive: true, force: true, maxRetries: 5 });
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return { folder: base, kind: 'a folder of the system', remove: removeBase };
  }
  const [image, folder] = [join(base, 'disk.img'), join(base, 'disk')];
  try {
    const disk = await open(image, 'w');
    await disk.truncate(DISK_BYTES);
    await disk.close();
    await execute('mkfs.ext4', ['-q', '-F', image]);
    await mkdir(folder);
    await execute('mount', ['-o', 'loop', image, folder]);
  } catch {
    return { folder: base, kind: 'a folder of the system (no loop file could be mounted)', remove: removeBase };
  }
  return {
    folder,
    kind: 'a fresh ext4 in a loop file',
    async remove() {
      await execute('umount', [folder]);
      await removeBase();
    },
  };
}
