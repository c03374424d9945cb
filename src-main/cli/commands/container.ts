/** `lamina container …`: containers, and edits of their files. */
import type { Command } from 'commander';
import { pathToText, type ContainerInfo } from '../../engine';
import type { CommandLine } from '../command-line';
import { printable, sizeText, timeText } from '../text';
import { addContainerEdits } from './container-edits';

const HEADING = ['NAME', 'IMAGE', 'CHANGES', 'SIZE', 'CREATED'];

export function addContainer(program: Command, cli: CommandLine): void {
  const container = program.command('container').description('make, change and remove containers; nothing runs');
  container
    .command('create')
    .description('make a container on an image')
    .argument('<ref>', 'image')
    .option('--name <name>', 'its name; made up when left out')
    .option('--json', 'print JSON')
    .action(async (ref: string, options: { name?: string; json?: true }) => {
      await cli.withStore(async (lamina) => {
        const made = await lamina.containers.create(ref, options.name);
        await cli.out.line(options.json ? JSON.stringify(made, undefined, 2) : made.name);
      });
    });
  container
    .command('ls')
    .description('list the containers')
    .option('--json', 'print a JSON array')
    .action(async (options: { json?: true }) => {
      await cli.withStore(async (lamina) => {
        const rows = await lamina.containers.list();
        await cli.out.listing(rows, options.json === true, { heading: HEADING, cells: cellsOf });
      });
    });
  container
    .command('rm')
    .description('remove containers with all that was changed in them')
    .argument('<name...>', 'containers')
    .action(async (names: readonly string[]) => {
      await cli.withStore(async (lamina) => {
        for (const name of names) await lamina.containers.remove(name);
      });
    });
  container
    .command('diff')
    .description('list what was changed, as docker diff does')
    .argument('<name>', 'container')
    .option('--json', 'print a JSON array')
    .action(async (name: string, options: { json?: true }) => {
      await cli.withStore(async (lamina) => {
        const changes = await lamina.containers.changes(name);
        const rows = changes.map(({ kind, path }) => ({ kind, path: pathToText(path) }));
        if (options.json) await cli.out.line(JSON.stringify(rows, undefined, 2));
        else await cli.out.lines(rows.map(({ kind, path }) => `${kind} ${printable(path)}`));
      });
    });
  addContainerEdits(container, cli);
}

function cellsOf({ name, imageReference, changes, bytes, created }: ContainerInfo): string[] {
  return [name, imageReference, String(changes), sizeText(bytes), timeText(created)];
}
