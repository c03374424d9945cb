/** The trees that the window has open. A container's tree is rebuilt when the container changed; its expansion stays. */
import {
  LaminaError,
  pathToText,
  TreeView,
  type Browse,
  type Lamina,
  type LayerPath,
  type Version,
} from '../../engine/index';
import type { TreeOptions, TreeState, TreeTarget } from '../contract/views';
import type { Announce } from '../engine-protocol';
import type { BrowseCache } from './browse-cache';
import { containerById } from './context';
import { engineTreeOptions } from './views';

/** A page that was reloaded cannot close its views: the oldest ones go. */
const MAX_OPEN = 32;

export interface OpenView {
  readonly id: number;
  readonly target: TreeTarget;
  readonly view: TreeView;
  browse: Browse;
}

export interface ShownVersion {
  readonly browse: Browse;
  readonly version: Version;
}

export class OpenViews {
  readonly #lamina: Lamina;
  readonly #images: BrowseCache;
  readonly #announce: Announce;
  readonly #open = new Map<number, OpenView>();
  #nextId = 1;

  constructor(lamina: Lamina, images: BrowseCache, announce: Announce) {
    this.#lamina = lamina;
    this.#images = images;
    this.#announce = announce;
  }

  async open(target: TreeTarget, options: TreeOptions): Promise<OpenView> {
    const browse = await this.#browse(target);
    const id = this.#nextId++;
    const view = new TreeView(browse.tree, { container: target.kind === 'container' });
    view.configure(engineTreeOptions(options));
    const open: OpenView = { id, target, browse, view };
    this.#open.set(id, open);
    for (const oldest of [...this.#open.keys()].slice(0, -MAX_OPEN)) this.#open.delete(oldest);
    return open;
  }

  /** @throws INVALID_ARGUMENT when it is not open (any more) */
  get(id: number): OpenView {
    const open = this.#open.get(id);
    if (open === undefined) throw new LaminaError('INVALID_ARGUMENT', 'This view is not open any more.');
    return open;
  }

  close(id: number): void {
    this.#open.delete(id);
  }

  state(open: OpenView): TreeState {
    return { view: open.id, ...open.view.state() };
  }

  /** The version that layer `layer` (from 1) wrote, or the one the view shows. @throws PATH_NOT_FOUND */
  version(id: number, path: LayerPath, layer: number | undefined): ShownVersion {
    const { view, browse } = this.get(id);
    const details = view.details(path);
    const version =
      layer === undefined ? details.current : details.versions.find((candidate) => candidate.layer === layer - 1);
    if (version !== undefined) return { browse, version };
    throw new LaminaError('PATH_NOT_FOUND', 'No layer holds such a version of the path.', {
      subject: pathToText(path),
    });
  }

  /** Rebuilds the open trees of a container that was edited. */
  async containerChanged(id: string): Promise<void> {
    await this.#rebuild(
      [...this.#open.values()].filter(({ target }) => target.kind === 'container' && target.id === id),
    );
  }

  /** Looks which open containers another process has changed, and rebuilds their trees. */
  async refresh(): Promise<void> {
    const revisions = new Map((await this.#lamina.containers.list()).map(({ id, revision }) => [id, revision]));
    const stale = [...this.#open.values()].filter(
      ({ browse: { container } }) => container !== undefined && revisions.get(container.id) !== container.revision,
    );
    await this.#rebuild(stale);
  }

  async #rebuild(views: readonly OpenView[]): Promise<void> {
    for (const open of views) {
      const browse = await this.#browse(open.target).catch(ifContainerIsGone);
      if (browse === undefined) continue;
      open.browse = browse;
      open.view.replaceTree(open.browse.tree);
      this.#announce('tree.changed', this.state(open));
    }
  }

  async #browse(target: TreeTarget): Promise<Browse> {
    if (target.kind === 'image') return this.#images.image(target.key);
    const { name } = await containerById(this.#lamina, target.id);
    return this.#lamina.browse({ kind: 'container', name });
  }
}

/** Its page learns that from the list of containers; the other views must be rebuilt all the same. */
function ifContainerIsGone(error: unknown): undefined {
  if (!(error instanceof LaminaError) || error.code !== 'CONTAINER_NOT_FOUND') throw error;
}
