import type { Command } from 'commander';
import { LaminaError, pathFromText, pathToText, type FileState, type UnionTree } from '../../engine';
import { layerNumber } from '../arguments';
import type { CommandLine } from '../command-line';

/** `lamina cat REF PATH`: the bytes of a file, or of the version that one layer wrote. */
export function addCat(program: Command, cli: CommandLine): void {
  program
    .command('cat')
    .description('print a file, or the version of it that one layer wrote')
    .argument('<ref>', 'image')
    .argument('<path>', 'file in it')
    .option('--layer <n>', 'the version that layer N wrote', layerNumber)
    .action(async (ref: string, path: string, options: { layer?: number }) => {
      await cli.withStore(async (lamina, { signal }) => {
        const browse = await lamina.browse({ kind: 'image', ref });
        const state =
          options.layer === undefined
            ? visibleFile(browse.tree, path)
            : fileOfLayer(browse.tree, path, options.layer - 1);
        if (state.type === 'dir') {
          throw new LaminaError('PATH_IS_DIRECTORY', `“${path}” is a directory.`, { subject: path });
        }
        await cli.out.copy(await browse.open(state, signal === undefined ? {} : { signal }));
      });
    });
}

function visibleFile(tree: UnionTree, text: string): FileState {
  const path = pathFromText(text);
  const node = tree.lookup(path, { followLast: true });
  const version = node === undefined ? undefined : tree.visible(node);
  if (version !== undefined) return version.state;
  const layers = tree.nodeAt(path)?.versions.map(({ layer }) => layer + 1) ?? [];
  throw new LaminaError('PATH_NOT_FOUND', `The image shows no “${text}”.`, {
    subject: text,
    hint:
      layers.length === 0
        ? undefined
        : `A later layer deleted it; --layer ${layers.join(' or ')} prints an older version.`,
  });
}

function fileOfLayer(tree: UnionTree, text: string, layer: number): FileState {
  if (layer >= tree.layerCount) {
    throw new LaminaError('LAYER_NOT_FOUND', `There is no layer ${layer + 1}; the image has ${tree.layerCount}.`);
  }
  const path = pathFromText(text);
  const nodes = [tree.nodeAt(path), tree.lookup(path, { upTo: layer, followLast: true })];
  for (const node of nodes) {
    const version = node?.versions.filter((one) => one.layer === layer).at(-1);
    if (version !== undefined) return version.state;
  }
  throw new LaminaError('PATH_NOT_FOUND', `Layer ${layer + 1} wrote no “${pathToText(path)}”.`, {
    subject: text,
    hint: '“lamina versions” says which layers did.',
  });
}
