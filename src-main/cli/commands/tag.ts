import type { Command } from 'commander';
import type { CommandLine } from '../command-line';

/** `lamina tag REF NEW` */
export function addTag(program: Command, cli: CommandLine): void {
  program
    .command('tag')
    .description('give an image another reference')
    .argument('<ref>', 'image')
    .argument('<new-ref>', 'reference to add; it moves here when another image has it')
    .action(async (ref: string, reference: string) => {
      await cli.withStore((lamina) => lamina.images.tag(ref, reference));
    });
}
