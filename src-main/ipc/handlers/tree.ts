import { LaminaError } from '../../engine/index';
import type { EngineCallName, Handlers } from '../calls';
import type { Preview } from '../contract/views';
import type { HandlerContext } from './context';
import { layerPath } from './layer-path';
import type { ShownVersion } from './open-views';
import { previewOf } from './text';
import { engineTreeOptions, nodeDetails, treeRow } from './views';

type TreeCallName = Extract<EngineCallName, `tree.${string}`>;

export function treeHandlers({ views }: HandlerContext): Handlers<TreeCallName> {
  return {
    'tree.open': async ({ target, options }) => views.state(await views.open(target, options)),
    'tree.configure': ({ view, options }) => {
      const open = views.get(view);
      open.view.configure(engineTreeOptions(options));
      return views.state(open);
    },
    'tree.rows': ({ view, offset, limit }) => views.get(view).view.rows(offset, limit).map(treeRow),
    'tree.toggle': ({ view, path, open: wanted, deep }) => {
      const open = views.get(view);
      open.view.toggle(layerPath(path), wanted, deep);
      return views.state(open);
    },
    'tree.reveal': ({ view, path }) => {
      const open = views.get(view);
      const index = open.view.reveal(layerPath(path));
      return { state: views.state(open), index };
    },
    'tree.close': ({ view }) => views.close(view),
    'tree.details': ({ view, path }) => {
      const open = views.get(view);
      return nodeDetails(open.browse, open.view.details(layerPath(path)));
    },
    'tree.preview': ({ view, path, layer, limit }) => preview(views.version(view, layerPath(path), layer), limit),
  };
}

async function preview({ browse, version }: ShownVersion, limit: number): Promise<Preview> {
  const { state } = version;
  if (state.type !== 'file') throw new LaminaError('INVALID_ARGUMENT', 'Only regular files have content to show.');
  return previewOf(state.size === 0 ? Buffer.alloc(0) : await browse.read(state, limit), state.size);
}
