// The main job on the sample image, by the command line, in a store that is thrown away: what a reader without a
// display can see of Lamina.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';

const PROGRAM = resolve('out', 'main', 'lamina.cjs');
const IMAGE = 'textbook:latest';
/** File 5 has a version in layer 2 and a newer one in layer 3. */
const FILE = 'file5';

/** @throws {Error} when a step fails */
export async function runTerminalTour() {
  const folder = await mkdtemp(join(tmpdir(), 'lamina-tour-'));
  const lamina = (...args) => show(args, folder);
  try {
    await writeFile(join(folder, 'note.txt'), 'Written into the container layer.\n');
    title('The sample image: three layers, seven files, one of them twice');
    await lamina('sample', IMAGE);
    await lamina('images');
    title('From outside one sees six files');
    await lamina('ls', IMAGE);
    title('Layer 3 gives file 5; layer 2 still has the older version');
    await lamina('versions', IMAGE, FILE);
    await lamina('cat', IMAGE, FILE);
    await lamina('cat', IMAGE, FILE, '--layer', '2');
    title('A container is the image with one writable layer on top');
    await lamina('container', 'create', IMAGE, '--name', 'tour');
    await lamina('container', 'put', 'tour', './note.txt', 'note.txt');
    await lamina('container', 'del', 'tour', 'file1');
    await lamina('container', 'diff', 'tour');
    title('Committing makes that layer a part of a new image');
    await lamina('commit', 'tour', 'textbook:changed', '-m', 'A note instead of file 1', '-a', 'A reader');
    await lamina('history', 'textbook:changed');
    await lamina('ls', 'textbook:changed');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function title(text) {
  console.log(`\n${bold(text)}`);
}

/** Prints a command as it would be typed, then what it prints. */
function show(args, folder) {
  console.log(`\n  ${dim(`$ lamina ${args.map(quote).join(' ')}`)}`);
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [PROGRAM, '--store', join(folder, 'store'), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => {
      for (const line of output.split('\n').slice(0, -1)) console.log(`  ${line}`);
      if (code === 0) done();
      else reject(new Error(`lamina ${args[0]} ended with code ${code}.`));
    });
  });
}

function quote(argument) {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument}'`;
}

function bold(text) {
  return process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text;
}

function dim(text) {
  return process.stdout.isTTY ? `\u001b[2m${text}\u001b[0m` : text;
}
