import type { Command } from 'commander';
import { familiarOf, type ImportedImage } from '../../engine';
import type { CommandLine } from '../command-line';
import { reportError, UsageError } from '../errors';
import { shortDigest } from '../text';

/** `lamina import PATH…`: one bad input does not keep the others out. */
export function addImport(program: Command, cli: CommandLine): void {
  program
    .command('import')
    .description('import images: docker-archive, OCI archive, OCI layout folder or rootfs tar, also compressed')
    .argument('<path...>', 'files or folders')
    .option('--name <ref>', 'reference for the image, when it brings none or another is wanted')
    .option('--json', 'print JSON')
    .action(async (paths: readonly string[], options: { name?: string; json?: true }) => {
      if (options.name !== undefined && paths.length > 1) {
        throw new UsageError('--name goes with one path, as one reference cannot name several images.');
      }
      await cli.withStore(async (lamina, work) => {
        const imported: ImportedImage[] = [];
        for (const path of paths) {
          try {
            imported.push(...(await lamina.images.import(path, { ...work, name: options.name })).map(withShortNames));
          } catch (error) {
            if (paths.length === 1 || work.signal?.aborted === true) throw error;
            reportError(cli.err, error);
            cli.exitCode = 1;
          }
        }
        if (options.json) await cli.out.line(JSON.stringify(imported, undefined, 2));
        else await cli.out.lines(imported.map(lineOf));
      });
    });
}

function withShortNames(image: ImportedImage): ImportedImage {
  return { ...image, references: image.references.map(familiarOf) };
}

function lineOf({ references, id, source }: ImportedImage): string {
  return `Imported ${references.length === 0 ? 'an untagged image' : references.join(', ')} (${shortDigest(id)}) from ${source}`;
}
