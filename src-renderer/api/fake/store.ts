/** What main would keep, in memory, with the events it would send. */
import type { EventName, EventPayloads } from '@contract/events';
import type { EffectiveSettings, Settings, TreeTarget } from '@contract/views';
import { ApiError } from '../api-error';
import { FakeContainer } from './containers';
import { FakeJobs } from './jobs';
import { fakeImage, type FakeImage, manyImages, storyImage, textbookImage } from './samples';
import type { FakeTree } from './tree';

export interface FakeBridgeOptions {
  readonly empty?: boolean;
  /** How many images to add to the samples. */
  readonly rows?: number;
  readonly settings?: Partial<Settings>;
}

export class FakeStore {
  images = new Map<string, FakeImage>();
  readonly containers = new Map<string, FakeContainer>();
  readonly trees = new Map<number, { readonly tree: FakeTree; readonly target: TreeTarget }>();
  readonly jobs = new FakeJobs((jobs) => this.emit('jobs.changed', jobs));
  settings: Settings;
  #listeners = new Map<EventName, Set<(payload: never) => void>>();
  #counter = 0;

  constructor(options: FakeBridgeOptions) {
    this.settings = {
      language: 'en',
      theme: 'light',
      storeDir: '/home/me/.local/share/lamina',
      author: '',
      ...options.settings,
    };
    if (options.empty === true) return;
    for (const image of [textbookImage(), storyImage(), ...manyImages(options.rows ?? 6)])
      this.images.set(image.key, image);
    const container = new FakeContainer(storyImage(), 'calm-heron', 0);
    container.writeText('etc/app.conf', '# mine\nport = 9000\nlog = debug\n');
    container.remove(['tmp']);
    this.containers.set(container.id, container);
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayloads[N]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<N extends EventName>(name: N, payload: EventPayloads[N]): void {
    // Listeners are kept by name, so each gets the payload of its own event.
    for (const listener of this.#listeners.get(name) ?? []) (listener as (payload: EventPayloads[N]) => void)(payload);
  }

  next(): number {
    return ++this.#counter;
  }

  image(key: string): FakeImage {
    const image = this.images.get(key);
    if (image === undefined) throw failure('IMAGE_NOT_FOUND', `There is no image ${key} in the store.`);
    return image;
  }

  container(id: string): FakeContainer {
    const container = this.containers.get(id);
    if (container === undefined) throw failure('CONTAINER_NOT_FOUND', `There is no container ${id}.`);
    return container;
  }

  tree(view: number): FakeTree {
    const open = this.trees.get(view);
    if (open === undefined) throw failure('INVALID_ARGUMENT', `The view ${view} is not open.`);
    return open.tree;
  }

  put(image: FakeImage): string {
    this.images.set(image.key, image);
    this.emit('images.changed', undefined);
    return image.key;
  }

  /** Keeps the image with other names. */
  rename(key: string, references: readonly string[]): void {
    const image = this.image(key);
    this.put({ ...image, details: { ...image.details, references } });
  }

  /** Tells that a container changed, and rebuilds the trees open on it. */
  touched(container: FakeContainer): FakeContainer['row'] {
    for (const { tree, target } of this.trees.values()) {
      if (target.kind !== 'container' || target.id !== container.id) continue;
      tree.rebuild();
      this.emit('tree.changed', tree.state);
    }
    this.emit('containers.changed', undefined);
    return container.row;
  }

  importOne(name: string): number {
    const made = fakeImage({
      references: [`${name.replace(/\.(tar|tgz|tar\.gz)$/, '').toLowerCase()}:imported`],
      created: new Date().toISOString(),
      layers: storyImage().layers,
    });
    return this.jobs.start({
      kind: 'import',
      subject: name,
      parts: made.details.layerRows.map((row) => ({ label: row.createdBy ?? row.digest, bytes: row.blobSize })),
      finish: () => [this.put(made)],
      ...(name.includes('broken') ? { error: BROKEN } : {}),
    });
  }
}

const BROKEN = {
  code: 'DIGEST_MISMATCH',
  message: 'The layer 4a1c7f… in “broken.tar” does not have the content that its manifest names.',
  hint: 'The archive is damaged. Save or download it again, and compare its checksum before you import it.',
  subject: 'broken.tar',
};

/** An error as main answers it. */
export function failure(code: string, message: string, hint?: string): ApiError {
  return new ApiError({ code, message, hint });
}

/** The settings with `system` resolved. */
export function effective(settings: Settings): EffectiveSettings {
  const dark = globalThis.matchMedia('(prefers-color-scheme: dark)').matches;
  return {
    ...settings,
    effectiveLanguage: settings.language === 'system' ? 'en' : settings.language,
    effectiveTheme: settings.theme === 'system' ? (dark ? 'dark' : 'light') : settings.theme,
  };
}
