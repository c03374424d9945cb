import type { Command } from 'commander';
import type { HistoryRow } from '../../engine';
import type { CommandLine } from '../command-line';
import { printable, sizeText, timeText } from '../text';

const HEADING = ['LAYER', 'CREATED', 'SIZE', 'COMMENT', 'CREATED BY'];

/** `lamina history REF`, newest first as Docker prints it. */
export function addHistory(program: Command, cli: CommandLine): void {
  program
    .command('history')
    .description('say how each layer of an image was made, newest first')
    .argument('<ref>', 'image')
    .option('--json', 'print a JSON array')
    .action(async (ref: string, options: { json?: true }) => {
      await cli.withStore(async (lamina) => {
        const rows = (await lamina.images.history(ref)).reverse();
        if (options.json) await cli.out.line(JSON.stringify(rows.map(toJson), undefined, 2));
        else await cli.out.listing(rows, false, { heading: HEADING, cells: cellsOf });
      });
    });
}

function toJson(row: HistoryRow): Record<string, unknown> {
  return {
    layer: row.layer === undefined ? null : row.layer + 1,
    created: row.created,
    createdBy: row.created_by ?? '',
    author: row.author,
    comment: row.comment ?? '',
    size: row.size,
  };
}

function cellsOf(row: HistoryRow): string[] {
  return [
    row.layer === undefined ? '-' : String(row.layer + 1),
    timeText(row.created),
    sizeText(row.size),
    printable(row.comment ?? ''),
    printable(row.created_by ?? ''),
  ];
}
