import type { Command } from 'commander';
import type { CommandLine } from '../command-line';
import { reportError } from '../errors';

/** `lamina rmi REF…`: takes references away; the last one takes the image. `lamina gc` then frees the space. */
export function addRmi(program: Command, cli: CommandLine): void {
  program
    .command('rmi')
    .description('remove references; an image goes with its last one')
    .argument('<ref...>', 'references, or digests for all references of an image')
    .action(async (refs: readonly string[]) => {
      await cli.withStore(async (lamina) => {
        for (const ref of refs) {
          try {
            const { untagged, deleted } = await lamina.images.remove(ref);
            await cli.out.lines(untagged.map((reference) => `Untagged ${reference}`));
            if (deleted !== undefined) await cli.out.line(`Deleted ${deleted}`);
          } catch (error) {
            if (refs.length === 1) throw error;
            reportError(cli.err, error);
            cli.exitCode = 1;
          }
        }
      });
    });
}
