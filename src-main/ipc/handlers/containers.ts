import { fromText, joinPath, LaminaError, parentOf, type ContainerInfo, type LayerPath } from '../../engine/index';
import type { EngineCallName, Handlers } from '../calls';
import type { ContainerRow } from '../contract/views';
import { containerById, type HandlerContext } from './context';
import { layerPath } from './layer-path';
import { encodeText } from './text';
import { changeRow, commitView, containerRow } from './views';

type ContainerCallName = Extract<EngineCallName, `containers.${string}`>;
type EditCallName =
  | 'containers.writeText'
  | 'containers.newFile'
  | 'containers.newFolder'
  | 'containers.newSymlink'
  | 'containers.renamePath'
  | 'containers.deletePaths'
  | 'containers.setAttributes';

export function containerHandlers(context: HandlerContext): Handlers<ContainerCallName> {
  return { ...lifeHandlers(context), ...editHandlers(context) };
}

function lifeHandlers(context: HandlerContext): Handlers<Exclude<ContainerCallName, EditCallName>> {
  const { lamina, announce } = context;
  const { containers } = lamina;
  const nameOf = async (id: string): Promise<string> => (await containerById(lamina, id)).name;
  return {
    'containers.list': async () => (await containers.list()).map(containerRow),
    'containers.get': async ({ id }) => containerRow(await containerById(lamina, id)),
    'containers.create': async ({ imageKey, name }) => {
      const made = await containers.create(imageKey, name);
      announce('containers.changed', undefined);
      return containerRow(made);
    },
    'containers.rename': async ({ id, name }) => {
      const renamed = await containers.rename(await nameOf(id), name);
      announce('containers.changed', undefined);
      return containerRow(renamed);
    },
    'containers.remove': async ({ id }) => {
      await containers.remove(await nameOf(id));
      announce('containers.changed', undefined);
    },
    'containers.changes': async ({ id }) => (await containers.changes(await nameOf(id))).map(changeRow),
    'containers.commit': async ({ id, ...request }) => {
      const name = await nameOf(id);
      const job = context.jobs.add({
        kind: 'commit',
        subject: request.reference ?? name,
        urgent: true,
        run: (control) => containers.commit(name, request, control),
        imageKeys: (result) => [result.key],
      });
      const result = await job.result;
      announce('images.changed', undefined);
      return commitView(result);
    },
  };
}

function editHandlers(context: HandlerContext): Handlers<EditCallName> {
  const { containers } = context.lamina;
  const edit = async (id: string, work: (name: string) => Promise<ContainerInfo>): Promise<ContainerRow> => {
    const info = await work((await containerById(context.lamina, id)).name);
    await context.views.containerChanged(id);
    context.announce('containers.changed', undefined);
    return containerRow(info);
  };
  return {
    'containers.writeText': ({ id, path, text, encoding }) =>
      edit(id, (name) => containers.writeFile(name, layerPath(path), encodeText(text, encoding))),
    'containers.newFile': ({ id, parent, name }) =>
      edit(id, async (container) => {
        const path = await freePath(context, id, childPath(parent, name));
        return containers.writeFile(container, path, new Uint8Array());
      }),
    'containers.newFolder': ({ id, parent, name }) =>
      edit(id, (container) => containers.makeDirectory(container, childPath(parent, name))),
    'containers.newSymlink': ({ id, parent, name, target }) =>
      edit(id, (container) => containers.symlink(container, target, childPath(parent, name))),
    'containers.renamePath': ({ id, path, name }) =>
      edit(id, (container) => {
        const from = layerPath(path);
        return containers.move(container, from, childPath(parentOf(from), name));
      }),
    'containers.deletePaths': ({ id, paths }) =>
      edit(id, async (container) => {
        let info = await containers.get(container);
        for (const path of withoutNested(paths.map(layerPath))) info = await containers.removePath(container, path);
        return info;
      }),
    'containers.setAttributes': ({ id, path, recursive, ...change }) =>
      edit(id, (container) => containers.setAttributes(container, layerPath(path), change, { recursive })),
  };
}

function childPath(parent: string, name: string): LayerPath {
  return joinPath(layerPath(parent), fromText(name));
}

/** The engine writes over an existing file; a new file must not. */
async function freePath(context: HandlerContext, id: string, path: LayerPath): Promise<LayerPath> {
  const { name } = await containerById(context.lamina, id);
  const { tree } = await context.lamina.browse({ kind: 'container', name });
  const node = tree.nodeAt(path);
  if (node === undefined || tree.visible(node) === undefined) return path;
  throw new LaminaError('PATH_EXISTS', 'There is something of this name already.', { subject: path });
}

/** Deleting a directory deletes what is below it: paths inside another one of the list are left out. */
function withoutNested(paths: readonly LayerPath[]): LayerPath[] {
  const wanted = new Set(paths);
  return [...wanted].filter((path) => {
    for (let above = path; above !== '';) {
      above = parentOf(above);
      if (wanted.has(above)) return false;
    }
    return true;
  });
}
