import { Option, type Command } from 'commander';
import { goJson, type InspectFormat } from '../../engine';
import type { CommandLine } from '../command-line';

/** `lamina inspect REF…`: an array, as `docker image inspect` prints it. */
export function addInspect(program: Command, cli: CommandLine): void {
  program
    .command('inspect')
    .description('print images as docker image inspect does')
    .argument('<ref...>', 'images')
    .addOption(
      new Option('--format <shape>', 'fields of which Docker')
        .choices(['docker-20.10', 'docker-25'])
        .default('docker-25'),
    )
    .action(async (refs: readonly string[], options: { format: InspectFormat }) => {
      await cli.withStore(async (lamina) => {
        const images: unknown[] = [];
        for (const ref of refs) images.push(await lamina.images.inspect(ref, options.format));
        await cli.out.line(goJson(images));
      });
    });
}
