/**
 * One edit in the making. Its steps change the container layer at once, so that later steps see the earlier ones, and
 * are written down: as the operation for the journal, or to be undone when something fails before it is in there.
 */
import { joinPath, parentOf, ROOT, type LayerPath } from '../path/layer-path';
import type { Timestamp } from '../layer/entry';
import { objectOfState, type MergedView } from './merged-view';
import { WHITEOUT, type Mutation, type UpperNode, type UpperObject } from './upper';

export class Draft {
  readonly view: MergedView;
  /** The time that the edit leaves on what it changes. */
  readonly time: Timestamp;
  readonly #done = new Map<LayerPath, UpperNode | undefined>();
  readonly #before: Mutation[] = [];

  constructor(view: MergedView, time: Timestamp) {
    this.view = view;
    this.time = time;
  }

  /** What the edit comes to: the last word on each path. */
  get mutations(): readonly Mutation[] {
    return [...this.#done].map(([path, node]) => ({ path, node }));
  }

  /** Puts the container layer back to what it was before the edit. */
  revert(): void {
    for (const { path, node } of this.#before.reverse()) this.view.upper.set(path, node);
    this.#before.length = 0;
    this.#done.clear();
  }

  /**
   * Puts a new object where nothing is seen, or instead of a non-directory, and marks the change in its directory.
   * A directory hides what the image has below this path, by a whiteout for each child.
   */
  place(path: LayerPath, object: UpperObject): void {
    this.#touch(parentOf(path));
    this.#set(path, object);
    if (object.type !== 'dir') return;
    for (const { name } of this.view.lowerChildren(path)) this.#set(joinPath(path, name), WHITEOUT);
  }

  /** Changes an object that is seen at this path; a hard link changes under all its names. */
  update(path: LayerPath, object: UpperObject): void {
    this.#copyUp(parentOf(path));
    if (object.linkGroup === 0) this.#set(path, object);
    else for (const name of [...this.view.upper.pathsOfGroup(object.linkGroup)]) this.#set(name, object);
  }

  /** Takes away what is seen at this path, with everything below; leaves a whiteout only where the image has it. */
  erase(path: LayerPath): void {
    this.#touch(parentOf(path));
    for (const below of [...this.view.upper.walk(path)].reverse()) this.#set(below.path, undefined);
    this.#set(path, this.view.lowerState(path) === undefined ? undefined : WHITEOUT);
  }

  #touch(directory: LayerPath): void {
    // The root's own attributes are in no layer (semantics 2.1 rule 3).
    if (directory === ROOT) return;
    this.#copyUp(directory);
    const node = this.view.upper.get(directory);
    if (node !== undefined && node !== WHITEOUT) this.#set(directory, { ...node, mtime: this.time });
  }

  /** Makes sure that a directory and all above it are in the container layer, with the attributes they had. */
  #copyUp(directory: LayerPath): void {
    const missing: LayerPath[] = [];
    for (let path = directory; path !== ROOT && this.view.upper.get(path) === undefined; path = parentOf(path))
      missing.push(path);
    for (const path of missing.reverse()) {
      const state = this.view.lowerState(path);
      if (state !== undefined) this.#set(path, objectOfState(state));
    }
  }

  #set(path: LayerPath, node: UpperNode | undefined): void {
    this.#before.push({ path, node: this.view.upper.set(path, node) });
    this.#done.set(path, node);
  }
}
