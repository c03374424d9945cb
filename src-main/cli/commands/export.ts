import { Option, type Command } from 'commander';
import type { ExportFormat } from '../../engine';
import type { CommandLine } from '../command-line';
import { sizeText } from '../text';

const FORMATS: readonly ExportFormat[] = ['docker-archive', 'oci-archive', 'oci', 'rootfs'];

/** `lamina export REF… -o FILE` */
export function addExport(program: Command, cli: CommandLine): void {
  program
    .command('export')
    .description('write images to an archive that container engines load')
    .argument('<ref...>', 'images')
    .requiredOption('-o, --output <file>', 'file to write (a folder for oci)')
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).default('docker-archive'))
    .option('--json', 'print JSON')
    .action(async (refs: readonly string[], options: { output: string; format: ExportFormat; json?: true }) => {
      await cli.withStore(async (lamina, work) => {
        const done = await lamina.images.export(refs, { ...work, file: options.output, format: options.format });
        if (options.json) await cli.out.line(JSON.stringify(done, undefined, 2));
        else await cli.out.line(`Wrote ${done.file} (${sizeText(done.bytes)})`);
      });
    });
}
