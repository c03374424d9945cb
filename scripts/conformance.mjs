/**
 * `npm run conformance`: Lamina beside the real programs. Needs root on Debian or Ubuntu: installs Docker, skopeo and
 * umoci, builds real images with Docker (a Debian base, Python on it, a patch on that, nginx, links and whiteouts)
 * with `../shared/corpus/build-corpus.sh`, and compares what Lamina shows with what Docker shows.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { Steps, run, tool, vitest } from './lib/steps.mjs';

const IMAGES = ['python', 'patched', 'links', 'nginx'];
const PROGRAMS = { dockerd: 'docker.io', skopeo: 'skopeo', umoci: 'umoci', runc: 'runc', python3: 'python3' };
const corpus = resolve(process.env['LAMINA_CORPUS'] ?? join(tmpdir(), 'lamina-corpus'));
const script = resolve('../shared/corpus/build-corpus.sh');

async function missingPackages() {
  const which = promisify(execFile);
  const packages = [];
  for (const [program, name] of Object.entries(PROGRAMS)) {
    await which('sh', ['-c', `command -v ${program}`]).catch(() => packages.push(name));
  }
  return packages;
}

async function ensurePrograms() {
  const packages = await missingPackages();
  if (packages.length === 0) return { passed: 1, failed: 0 };
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(`The conformance tests need ${packages.join(', ')} and root. Install them with: sudo ${command}`);
  }
  // RUNLEVEL keeps the packages' services from starting by themselves: the tests start daemons of their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get', ['update', '-qq'], { env });
  const code = await run('sh', ['-c', `${command} -qq >/dev/null`], { env });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function ensureCorpus() {
  const ready = IMAGES.every((name) => existsSync(join(corpus, 'docker-archive', `${name}.tar`)));
  if (ready && existsSync(join(corpus, 'table.tsv'))) return { passed: 1, failed: 0 };
  if (!existsSync(script)) throw new Error(`${script} is missing: it builds the images these tests compare.`);
  const env = { ...process.env, CORPUS: corpus, FORMATS: 'docker oci ociarchive rootfs' };
  const code = await run('bash', [script, ...IMAGES], { env });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const steps = new Steps();
await steps.step('programs to compare with', ensurePrograms);
await steps.step('real images', ensureCorpus);
await steps.check('build', ...tool('electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'));
await steps.step('conformance', () => vitest(['conformance'], process.argv.slice(2), { LAMINA_CORPUS: corpus }));
steps.finish();
