/** Edits of a container's files, each one step that is either done or not. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { fromText, joinPath, pathFromText, type Lamina, type LayerPath, type WorkOptions } from '../../engine';
import { octalMode, owner } from '../arguments';
import type { CommandLine } from '../command-line';
import { printable } from '../text';

export function addContainerEdits(container: Command, cli: CommandLine): void {
  addPut(container, cli);
  container
    .command('mkdir')
    .description('make a directory')
    .argument('<name>', 'container')
    .argument('<path...>', 'directories')
    .option('-p, --parents', 'with missing ones above it; no error when it is there')
    .action(async (name: string, paths: readonly string[], options: { parents?: true }) => {
      await cli.withStore(async (lamina) => {
        for (const one of paths) {
          await lamina.containers.makeDirectory(name, pathFromText(one), { parents: options.parents === true });
        }
      });
    });
  container
    .command('del')
    .description('delete files, and directories with all that is in them')
    .argument('<name>', 'container')
    .argument('<path...>', 'what to delete')
    .action(async (name: string, paths: readonly string[]) => {
      await cli.withStore(async (lamina) => {
        for (const one of paths) await lamina.containers.removePath(name, pathFromText(one));
      });
    });
  container
    .command('mv')
    .description('move or rename')
    .argument('<name>', 'container')
    .argument('<from>', 'what to move')
    .argument('<to>', 'its new path')
    .action(async (name: string, from: string, to: string) => {
      await cli.withStore(async (lamina) => {
        await lamina.containers.move(name, pathFromText(from), pathFromText(to));
      });
    });
  container
    .command('ln')
    .description('make a symbolic link')
    .argument('<name>', 'container')
    .argument('<target>', 'what the link says, as it is')
    .argument('<path>', 'the link')
    .action(async (name: string, target: string, at: string) => {
      await cli.withStore(async (lamina) => {
        await lamina.containers.symlink(name, target, pathFromText(at));
      });
    });
  addAttributes(container, cli);
}

function addAttributes(container: Command, cli: CommandLine): void {
  container
    .command('chmod')
    .description('change permissions')
    .argument('<name>', 'container')
    .argument('<mode>', 'octal, for example 755', octalMode)
    .argument('<path...>', 'files and directories')
    .option('-R, --recursive', 'with all that is below')
    .action(async (name: string, mode: number, paths: readonly string[], options: { recursive?: true }) => {
      await cli.withStore(async (lamina) => {
        const recursive = options.recursive === true;
        for (const one of paths) {
          await lamina.containers.setAttributes(name, pathFromText(one), { mode }, { recursive });
        }
      });
    });
  container
    .command('chown')
    .description('change the owner')
    .argument('<name>', 'container')
    .argument('<owner>', 'UID, UID:GID or :GID', owner)
    .argument('<path...>', 'files and directories')
    .option('-R, --recursive', 'with all that is below')
    .action(
      async (name: string, ids: ReturnType<typeof owner>, paths: readonly string[], options: { recursive?: true }) => {
        await cli.withStore(async (lamina) => {
          const recursive = options.recursive === true;
          for (const one of paths) await lamina.containers.setAttributes(name, pathFromText(one), ids, { recursive });
        });
      },
    );
}

function addPut(container: Command, cli: CommandLine): void {
  container
    .command('put')
    .description('copy a file or folder of this computer into a container; an existing file keeps its mode and owner')
    .argument('<name>', 'container')
    .argument('<host-file>', 'file or folder, or - for standard input')
    .argument('<path>', 'where it goes; into it when that is a directory and a file is put')
    .action(async (name: string, hostFile: string, to: string) => {
      await cli.withStore(async (lamina, work) => {
        if (hostFile === '-') {
          await lamina.containers.writeFile(name, pathFromText(to), process.stdin);
          return;
        }
        const { skipped } = await put(lamina, { name, hostFile, to }, work);
        for (const one of skipped) cli.err.write(`lamina: left out ${printable(one)}: no layer can hold it\n`);
      });
    });
}

interface PutRequest {
  readonly name: string;
  readonly hostFile: string;
  readonly to: string;
}

async function put(
  lamina: Lamina,
  { name, hostFile, to }: PutRequest,
  work: WorkOptions,
): Promise<{ readonly skipped: readonly string[] }> {
  const isFile = (await stat(hostFile)).isFile();
  const target = pathFromText(to);
  if (!isFile) return lamina.containers.addFromHost(name, hostFile, target, work);
  const inside = joinPath(target, fromText(path.basename(hostFile)));
  const place = to.endsWith('/') || (await typeAt(lamina, name, target)) === 'dir' ? inside : target;
  if ((await typeAt(lamina, name, place)) !== 'file') {
    return lamina.containers.addFromHost(name, hostFile, place, work);
  }
  await lamina.containers.writeFile(name, place, createReadStream(hostFile));
  return { skipped: [] };
}

async function typeAt(lamina: Lamina, name: string, at: LayerPath): Promise<string | undefined> {
  const { tree } = await lamina.browse({ kind: 'container', name });
  const node = tree.lookup(at, { followLast: true });
  return node === undefined ? undefined : tree.visible(node)?.type;
}
