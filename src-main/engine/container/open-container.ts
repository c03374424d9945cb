/**
 * A container in memory. Its journal may grow under it (the window and the command line can edit the same container),
 * so everything goes through `read` or `edit`, which first replay what is new, one caller at a time.
 */
import type { BlobStore } from '../store/types';
import type { ContainerFolder } from './container-folder';
import { ContentFolder, type StagedContent } from './content-folder';
import { Draft } from './draft';
import { appendJournal, JOURNAL_START, journalSize, readJournal, type JournalPosition } from './journal';
import { encodeOperation } from './journal-format';
import { MergedView, type LowerTree } from './merged-view';
import { Upper } from './upper';

export interface EditRequest {
  /** The operation's name in the journal. */
  readonly name: string;
  readonly lower: LowerTree;
  /** Content that the edit refers to; it is in the container before the journal speaks of it. */
  readonly staged: readonly StagedContent[];
  readonly apply: (draft: Draft) => void;
}

export class OpenContainer {
  readonly folder: ContainerFolder;
  readonly content: ContentFolder;
  readonly #store: BlobStore;
  #upper = new Upper();
  #position: JournalPosition = JOURNAL_START;
  /** Size of the journal file when it was read last, a torn end included. */
  #seenBytes = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: BlobStore, folder: ContainerFolder) {
    this.#store = store;
    this.folder = folder;
    this.content = new ContentFolder(folder.content);
  }

  get revision(): number {
    return this.#position.revision;
  }

  /** Looks at the container layer as it is now. `look` must not keep it or wait: it changes in place. */
  read<T>(look: (upper: Upper) => T): Promise<T> {
    return this.#inTurn(async () => {
      await this.#refresh();
      return look(this.#upper);
    });
  }

  /** One edit, durable when this returns; when it throws, the container is as before. */
  edit(request: EditRequest): Promise<void> {
    const { id } = this.folder;
    return this.#store.withLock(`editing container ${id}`, () => this.#inTurn(() => this.#editLocked(request)));
  }

  async #editLocked({ name, lower, staged, apply }: EditRequest): Promise<void> {
    await this.#refresh();
    const now = Date.now();
    const draft = new Draft(new MergedView(lower, this.#upper), {
      sec: Math.floor(now / 1000),
      nsec: (now % 1000) * 1_000_000,
    });
    try {
      apply(draft);
      const { mutations } = draft;
      if (mutations.length === 0) return;
      await this.content.keep(staged);
      const revision = this.#position.revision + 1;
      const time = new Date(now).toISOString();
      const { line, checksum } = encodeOperation({ revision, name, time, mutations }, this.#position.checksum);
      const length = await appendJournal(this.folder.journal, this.#position.length, line);
      this.#position = { length, revision, checksum };
      this.#seenBytes = length;
    } catch (error) {
      draft.revert();
      throw error;
    }
  }

  async #refresh(): Promise<void> {
    const size = await journalSize(this.folder.journal);
    if (size === this.#seenBytes) return;
    const { operations, position, fromStart } = await readJournal(this.folder.journal, this.#position);
    if (fromStart) this.#upper = new Upper();
    for (const { mutations } of operations) for (const { path, node } of mutations) this.#upper.set(path, node);
    this.#position = position;
    this.#seenBytes = size;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
