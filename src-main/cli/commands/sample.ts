import type { Command } from 'commander';
import { familiarOf } from '../../engine';
import type { CommandLine } from '../command-line';

/** `lamina sample [REF]` */
export function addSample(program: Command, cli: CommandLine): void {
  program
    .command('sample')
    .description('make a small sample image to look at')
    .argument('[ref]', 'reference for it (default: textbook:latest, or story:latest)')
    .option('--story', 'a Linux base, a Python package on it, a security patch on that')
    .option('--json', 'print JSON')
    .action(async (ref: string | undefined, options: { story?: true; json?: true }) => {
      await cli.withStore(async (lamina) => {
        const made = await lamina.images.sample(options.story ? 'story' : 'textbook', ref);
        const references = made.references.map(familiarOf);
        if (options.json) await cli.out.line(JSON.stringify({ ...made, references }, undefined, 2));
        else await cli.out.line(`Made ${references.join(', ')}`);
      });
    });
}
