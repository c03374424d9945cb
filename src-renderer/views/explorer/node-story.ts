/** The one sentence about a path: where what is seen comes from and what it hides, or why nothing is seen. */
import type { NodeDetails, VersionView } from '@contract/views';

export interface Story {
  /** Key of the sentence in the catalogue, its values, and the number its plural goes by. */
  readonly key: string;
  readonly values: { readonly layer: number; readonly count: number };
  readonly count: number;
}

export function nodeStory(
  details: NodeDetails,
  shown: VersionView | undefined,
  writableLayer: number | undefined,
): Story | undefined {
  const { current, versions } = details;
  if (current === undefined) return ghostStory(versions[0], writableLayer);
  const hidden = versions.filter((version) => version.layer < current.layer).length;
  const from = current.layer === writableLayer ? 'fromContainer' : 'from';
  if (shown !== undefined && shown.layer !== current.layer) {
    return { key: 'explorer.story.older', values: { layer: shown.layer, count: hidden }, count: hidden };
  }
  const key = `explorer.story.${from}${hidden > 0 ? 'Hides' : ''}`;
  return { key, values: { layer: current.layer, count: hidden }, count: hidden };
}

function ghostStory(last: VersionView | undefined, writableLayer: number | undefined): Story | undefined {
  if (last?.endLayer === undefined) return undefined;
  const key = last.endLayer === writableLayer ? 'explorer.story.goneInContainer' : 'explorer.story.gone';
  return { key, values: { layer: last.endLayer, count: 0 }, count: 0 };
}
