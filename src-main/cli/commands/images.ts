import type { Command } from 'commander';
import type { ImageSummary, Platform } from '../../engine';
import type { CommandLine } from '../command-line';
import { shortDigest, sizeText, timeText } from '../text';

/** `lamina images` */
export function addImages(program: Command, cli: CommandLine): void {
  program
    .command('images')
    .description('list the images of the store')
    .option('--json', 'print a JSON array')
    .action(async (options: { json?: true }) => {
      await cli.withStore(async (lamina) => {
        const images = await lamina.images.list();
        if (options.json) await cli.out.line(JSON.stringify(images.map(toJson), undefined, 2));
        else await cli.out.listing(images.flatMap(rowsOf), false, { heading: HEADING, cells: (row) => row });
      });
    });
}

const HEADING = ['REFERENCE', 'IMAGE ID', 'PLATFORM', 'LAYERS', 'SIZE', 'CREATED'];

function toJson(image: ImageSummary): Record<string, unknown> {
  return { ...image, platform: platformText(image.platform) };
}

function rowsOf(image: ImageSummary): string[][] {
  const { references, id, platform, layers, size, created } = image;
  const rest = [shortDigest(id), platformText(platform), String(layers), sizeText(size), timeText(created)];
  return (references.length === 0 ? ['<none>'] : references).map((reference) => [reference, ...rest]);
}

function platformText({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined && part !== '').join('/');
}
