import type { Command } from 'commander';
import type { CommandLine } from '../command-line';
import { sizeText } from '../text';

/** `lamina gc` */
export function addGc(program: Command, cli: CommandLine): void {
  program
    .command('gc')
    .description('remove blobs that no image and no container uses')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      await cli.withStore(async (lamina) => {
        const result = await lamina.collect();
        if (options.json) await cli.out.line(JSON.stringify(result, undefined, 2));
        else await cli.out.line(`Removed ${result.removed.length} blobs, freed ${sizeText(result.freedBytes)}`);
      });
    });
}
