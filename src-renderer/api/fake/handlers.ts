/** The calls of the contract over a store in memory. */
import type { CallInput, CallName, CallOutputs } from '@contract/calls';
import type { HistoryRowView } from '@contract/views';
import { FakeContainer } from './containers';
import { type FakeLayer } from './layers';
import { fakeImage, type FakeImage, storyImage, textbookImage } from './samples';
import { effective, failure, type FakeStore } from './store';
import { FakeTree } from './tree';

export type Handlers = { readonly [N in CallName]: (input: CallInput<N>) => CallOutputs[N] | Promise<CallOutputs[N]> };

function history(image: FakeImage): HistoryRowView[] {
  return image.details.layerRows
    .map((row) => ({
      layer: row.number,
      created: row.created,
      createdBy: row.createdBy ?? '',
      author: image.details.author,
      comment: row.comment,
      size: row.blobSize,
    }))
    .reverse();
}

function appHandlers(
  store: FakeStore,
): Pick<Handlers, Extract<CallName, `${'app' | 'settings' | 'store' | 'jobs'}.${string}`>> {
  return {
    'app.info': () => ({ version: '0.1.0', platform: 'linux', storeDir: store.settings.storeDir, electron: '25.1.1' }),
    'settings.get': () => effective(store.settings),
    'settings.set': (input) => {
      store.settings = {
        ...store.settings,
        language: input.language ?? store.settings.language,
        theme: input.theme ?? store.settings.theme,
        author: input.author ?? store.settings.author,
      };
      store.emit('settings.changed', effective(store.settings));
      return effective(store.settings);
    },
    'settings.chooseStore': () => effective(store.settings),
    'store.usage': () => {
      const rows = [...store.images.values()].flatMap((image) => image.details.layerRows);
      const blobs = new Map(rows.map((row) => [row.digest, row]));
      const sizes = (of: readonly (typeof rows)[number][]): number => of.reduce((sum, row) => sum + row.blobSize, 0);
      const shared = [...blobs.values()].filter((row) => row.sharedWith > 0);
      return {
        blobs: blobs.size + store.images.size * 2,
        bytes: sizes([...blobs.values()]),
        sharedBytes: sizes(shared),
      };
    },
    'store.collect': () => ({ freedBytes: 48_300_000, removed: 3 }),
    'store.reveal': () => undefined,
    'jobs.list': () => store.jobs.list,
    'jobs.cancel': ({ id }) => {
      store.jobs.cancel(id);
    },
    'jobs.clear': () => {
      store.jobs.clear();
    },
  };
}

function imageHandlers(store: FakeStore): Pick<Handlers, Extract<CallName, `images.${string}`>> {
  return {
    'images.list': () => [...store.images.values()].map((image) => image.details),
    'images.get': ({ key }) => store.image(key).details,
    'images.history': ({ key }) => history(store.image(key)),
    'images.inspect': ({ key }) =>
      JSON.stringify([{ Id: store.image(key).details.id, ...store.image(key).details }], null, 4),
    'images.tag': ({ key, reference }) => {
      if (/[^\w./:@-]/.test(reference))
        throw failure(
          'INVALID_REFERENCE',
          `“${reference}” is not an image name.`,
          'Use lower-case letters, digits and . _ - as in name:tag.',
        );
      store.rename(key, [...store.image(key).details.references, reference]);
    },
    'images.untag': ({ reference }) => {
      for (const { key, details } of store.images.values()) {
        if (details.references.includes(reference))
          store.rename(
            key,
            details.references.filter((other) => other !== reference),
          );
      }
    },
    'images.remove': ({ key }) => {
      const user = [...store.containers.values()].find((container) => container.image.key === key);
      if (user !== undefined)
        throw failure(
          'IMAGE_IN_USE',
          `The container ${user.name} is built on ${user.row.imageReference}.`,
          'Delete the container first.',
        );
      store.images.delete(key);
      store.emit('images.changed', undefined);
    },
    'images.sample': ({ which }) => ({ key: store.put(which === 'textbook' ? textbookImage() : storyImage()) }),
    'images.importDialog': ({ kind }) => [store.importOne(kind === 'file' ? 'python-app.tar' : 'layout-folder')],
    'images.exportDialog': ({ keys, format }) =>
      store.jobs.start({
        kind: 'export',
        subject: `${store.image(keys[0] ?? '').details.references[0] ?? 'image'}.${format}.tar`,
        parts: store
          .image(keys[0] ?? '')
          .details.layerRows.map((row) => ({ label: row.createdBy ?? '', bytes: row.blobSize })),
      }),
  };
}

function containerHandlers(store: FakeStore): Pick<Handlers, Extract<CallName, `containers.${string}`>> {
  const edit = (id: string, change: (container: FakeContainer) => void): FakeContainer['row'] => {
    const container = store.container(id);
    change(container);
    return store.touched(container);
  };
  return {
    'containers.list': () => [...store.containers.values()].map((container) => container.row),
    'containers.get': ({ id }) => store.container(id).row,
    'containers.create': ({ imageKey, name }) => {
      const container = new FakeContainer(store.image(imageKey), name, store.next());
      store.containers.set(container.id, container);
      return store.touched(container);
    },
    'containers.rename': ({ id, name }) => edit(id, (container) => (container.name = name)),
    'containers.remove': ({ id }) => {
      store.containers.delete(id);
      store.emit('containers.changed', undefined);
    },
    'containers.changes': ({ id }) => store.container(id).changes(),
    'containers.writeText': ({ id, path, text }) => edit(id, (container) => container.writeText(path, text)),
    'containers.newFile': ({ id, parent, name }) => edit(id, (container) => container.add(parent, name, 'file')),
    'containers.newFolder': ({ id, parent, name }) => edit(id, (container) => container.add(parent, name, 'folder')),
    'containers.newSymlink': ({ id, parent, name, target }) =>
      edit(id, (container) => container.add(parent, name, { target })),
    'containers.renamePath': ({ id, path, name }) => edit(id, (container) => container.rename(path, name)),
    'containers.deletePaths': ({ id, paths }) => edit(id, (container) => container.remove(paths)),
    'containers.setAttributes': ({ id, path, mode, uid, gid }) =>
      edit(id, (container) => container.setAttributes(path, { mode, uid, gid })),
    'containers.addDialog': ({ id, parent }) => {
      edit(id, (container) => container.add(parent, 'added.txt', 'file'));
      return undefined;
    },
    'containers.commit': ({ id, reference, message }) => {
      const container = store.container(id);
      const layers: FakeLayer[] = [...container.image.layers, { ...container.upper, createdBy: message }];
      const made = fakeImage({
        references: reference === undefined ? [] : [reference],
        created: new Date().toISOString(),
        layers,
      });
      store.put(made);
      const layerSize = made.details.layerRows.at(-1)?.blobSize ?? 0;
      return { key: made.key, id: made.details.id, reference, layerSize, newLayer: container.changes().length > 0 };
    },
  };
}

function treeHandlers(store: FakeStore): Pick<Handlers, Extract<CallName, `tree.${string}`>> {
  const found = <T>(value: T | undefined, path: string): T => {
    if (value === undefined) throw failure('PATH_NOT_FOUND', `There is no /${path}.`);
    return value;
  };
  return {
    'tree.open': ({ target, options }) => {
      const view = store.next();
      const layers = (): readonly FakeLayer[] =>
        target.kind === 'image' ? store.image(target.key).layers : store.container(target.id).layers;
      const tree = new FakeTree(view, layers, options);
      store.trees.set(view, { tree, target });
      return tree.state;
    },
    'tree.configure': ({ view, options }) => store.tree(view).configure(options),
    'tree.rows': ({ view, offset, limit }) => store.tree(view).rows(offset, limit),
    'tree.toggle': ({ view, path, open, deep }) => store.tree(view).toggle(path, open, deep),
    'tree.reveal': ({ view, path }) => store.tree(view).reveal(path),
    'tree.close': ({ view }) => {
      store.trees.delete(view);
    },
    'tree.details': ({ view, path }) => found(store.tree(view).details(path), path),
    'tree.preview': ({ view, path, layer, limit }) => found(store.tree(view).preview(path, layer, limit), path),
    'tree.saveAs': ({ path }) => `/home/me/${path.slice(path.lastIndexOf('/') + 1)}`,
  };
}

/** Every call. */
export function fakeHandlers(store: FakeStore): Handlers {
  return { ...appHandlers(store), ...imageHandlers(store), ...containerHandlers(store), ...treeHandlers(store) };
}
