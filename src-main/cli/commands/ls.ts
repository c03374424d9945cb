import { Option, type Command } from 'commander';
import { listEntries, LaminaError, pathFromText, type ListedEntry, type UnionNode, type UnionTree } from '../../engine';
import { layerNumber } from '../arguments';
import type { CommandLine } from '../command-line';
import { EntryFormat } from '../entry-format';

interface LsOptions {
  readonly recursive?: true;
  readonly layer?: number;
  readonly upTo?: number;
  readonly hidden?: true;
  readonly directory?: true;
  readonly json?: true;
}

/** `lamina ls REF [PATH]` */
export function addLs(program: Command, cli: CommandLine): void {
  program
    .command('ls')
    .description('list the files of an image')
    .argument('<ref>', 'image')
    .argument('[path]', 'directory or file in it', '/')
    .option('-R, --recursive', 'with all that is below')
    .option('-d, --directory', 'the directory itself as well')
    .addOption(
      new Option('--layer <n>', 'what layer N alone wrote, its whiteouts included')
        .argParser(layerNumber)
        .conflicts(['upTo', 'hidden']),
    )
    .addOption(new Option('--up-to <n>', 'the files as of layer N').argParser(layerNumber))
    .option('--hidden', 'also what later layers deleted, hid or replaced')
    .option('--json', 'print a line of JSON for each')
    .action(async (ref: string, path: string, options: LsOptions) => {
      await cli.withStore(async (lamina) => {
        const { tree } = await lamina.browse({ kind: 'image', ref });
        const format = new EntryFormat(tree, { layer: zeroBased(options.layer), upTo: zeroBased(options.upTo) });
        for (const entry of entriesOf(tree, path, options)) {
          await cli.out.line(options.json ? JSON.stringify(format.json(entry)) : format.text(entry));
        }
      });
    });
}

function* entriesOf(tree: UnionTree, path: string, options: LsOptions): Generator<ListedEntry> {
  const layer = zeroBased(options.layer);
  const upTo = zeroBased(options.upTo);
  const from = startOf(tree, path, options);
  if (options.directory) {
    const version = layer === undefined ? tree.visible(from, upTo) : tree.latest(from, layer);
    if (version !== undefined && (layer === undefined || version.layer === layer)) {
      yield { node: from, version, hidden: false, whiteout: undefined };
    }
  }
  const { recursive = false, hidden = false } = options;
  yield* listEntries(tree, { layer, upTo, from, recursive, hidden });
}

/** The node to list: visible where the listing is of what is visible; any that ever was where it is not. */
function startOf(tree: UnionTree, text: string, options: LsOptions): UnionNode {
  const path = pathFromText(text);
  const upTo = zeroBased(options.layer ?? options.upTo);
  const isLayer = upTo === undefined || upTo < tree.layerCount;
  const node = isLayer ? tree.lookup(path, { upTo, followLast: true }) : tree.root;
  if (node !== undefined) return node;
  const gone = options.layer !== undefined || options.hidden ? tree.nodeAt(path) : undefined;
  if (gone !== undefined) return gone;
  throw new LaminaError('PATH_NOT_FOUND', `The image has no “${text}”.`, {
    subject: text,
    hint:
      tree.nodeAt(path) === undefined
        ? 'List the directory above to see what there is.'
        : 'A later layer deleted it; --hidden lists it all the same.',
  });
}

function zeroBased(layer: number | undefined): number | undefined {
  return layer === undefined ? undefined : layer - 1;
}
