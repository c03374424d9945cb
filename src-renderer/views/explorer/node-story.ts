/** The one sentence about a path: where what is seen comes from and what it hides, or why nothing is seen. */
import type { NodeDetails, VersionView } from '@contract/views';

export interface Story {
  /** Key of the sentence in the catalogue, its values, and the number its plural goes by. */
  readonly key: string;
  readonly values: { readonly layer: number; readonly count: number };
  readonly count: number;
}

/** @param shown the version on show, which may be an older one */
export function nodeStory(
  details: NodeDetails,
  shown: VersionView | undefined,
  writableLayer: number | undefined,
): Story | undefined {
  const { current, versions } = details;
  if (current === undefined) return undefined;
  if (details.ghost) return ghostStory(current, writableLayer);
  const hidden = versions.filter((version) => version.layer < current.layer).length;
  if (shown !== undefined && shown.layer !== current.layer) {
    return { key: 'explorer.story.older', values: { layer: shown.layer, count: hidden }, count: hidden };
  }
  if (hidden > 0 && versions.every((version) => version.type === 'dir')) {
    return { key: 'explorer.story.merged', values: { layer: current.layer, count: hidden + 1 }, count: hidden + 1 };
  }
  const from = current.layer === writableLayer ? 'fromContainer' : 'from';
  const key = `explorer.story.${from}${hidden > 0 ? 'Hides' : ''}`;
  return { key, values: { layer: current.layer, count: hidden }, count: hidden };
}

function ghostStory(last: VersionView, writableLayer: number | undefined): Story | undefined {
  if (last.endLayer === undefined) return undefined;
  const key = last.endLayer === writableLayer ? 'explorer.story.goneInContainer' : 'explorer.story.gone';
  return { key, values: { layer: last.endLayer, count: 0 }, count: 0 };
}
