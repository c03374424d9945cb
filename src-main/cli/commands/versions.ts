import type { Command } from 'commander';
import { LaminaError, pathFromText, type UnionNode, type UnionTree, type Version } from '../../engine';
import type { CommandLine } from '../command-line';
import { endText, modeText, stateFields } from '../entry-format';
import { shortDigest, sizeText } from '../text';

const HEADING = ['LAYER', 'MODE', 'OWNER', 'SIZE', 'SHA-256', 'STATE'];

/** `lamina versions REF PATH`: every version of a path that any layer wrote, newest first. */
export function addVersions(program: Command, cli: CommandLine): void {
  program
    .command('versions')
    .description('list every version of a path, the deleted ones too, newest first')
    .argument('<ref>', 'image')
    .argument('<path>', 'path in it')
    .option('--json', 'print a JSON array')
    .action(async (ref: string, path: string, options: { json?: true }) => {
      await cli.withStore(async (lamina) => {
        const { tree } = await lamina.browse({ kind: 'image', ref });
        const node = nodeOf(tree, path);
        const visible = tree.visible(node);
        const versions = [...node.versions].reverse();
        if (options.json) {
          const rows = versions.map((version) => toJson(version, version === visible));
          await cli.out.line(JSON.stringify(rows, undefined, 2));
        } else await cli.out.listing(versions, false, { heading: HEADING, cells: cellsOf });
      });
    });
}

function nodeOf(tree: UnionTree, text: string): UnionNode {
  const path = pathFromText(text);
  const node = tree.lookup(path) ?? tree.nodeAt(path);
  if (node !== undefined && node.versions.length > 0) return node;
  throw new LaminaError('PATH_NOT_FOUND', `No layer of the image has ever had “${text}”.`, { subject: text });
}

function toJson(version: Version, visible: boolean): Record<string, unknown> {
  const { layer, state, endLayer, endReason } = version;
  return {
    layer: layer + 1,
    visible,
    ...stateFields(state),
    ...(endLayer === undefined ? {} : { endedBy: { layer: endLayer + 1, reason: endReason } }),
  };
}

function cellsOf(version: Version): string[] {
  const { layer, state } = version;
  return [
    String(layer + 1),
    modeText(state),
    `${state.uid}:${state.gid}`,
    sizeText(state.size),
    state.content === undefined ? '-' : shortDigest(state.content.sha256),
    endText(version),
  ];
}
