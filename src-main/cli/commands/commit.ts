import type { Command } from 'commander';
import { familiarOf } from '../../engine';
import { collect } from '../arguments';
import type { CommandLine } from '../command-line';
import { shortDigest } from '../text';

interface CommitOptions {
  readonly message?: string;
  readonly author?: string;
  readonly change: readonly string[];
  readonly json?: true;
}

/** `lamina commit NAME [REF]` */
export function addCommit(program: Command, cli: CommandLine): void {
  program
    .command('commit')
    .description('make an image of a container')
    .argument('<name>', 'container')
    .argument('[ref]', 'reference for the new image')
    .option('-m, --message <text>', 'what was changed')
    .option('-a, --author <name>', 'who changed it')
    .option('-c, --change <instruction>', 'Dockerfile instruction for the config, may be repeated', collect, [])
    .option('--json', 'print JSON')
    .action(async (name: string, reference: string | undefined, options: CommitOptions) => {
      await cli.withStore(async (lamina, work) => {
        const { message, author, change: changes } = options;
        const result = await lamina.containers.commit(name, { reference, message, author, changes }, work);
        if (options.json) await cli.out.line(JSON.stringify(result, undefined, 2));
        else {
          const named = result.reference === undefined ? 'an untagged image' : familiarOf(result.reference);
          await cli.out.line(`Committed ${named} (${shortDigest(result.id)})`);
        }
      });
    });
}
