/** The system's open and save dialogs. They are the only way, besides a drop, by which host paths come in. */
import { app, dialog, type BrowserWindow, type OpenDialogOptions, type SaveDialogOptions } from 'electron';
import { join } from 'node:path';
import type { Messages } from './messages';

export type DialogKind = 'file' | 'folder';

/** Endings that images are seen with; the content decides, so that "all files" is offered too. */
const ARCHIVE_ENDINGS = ['tar', 'tgz', 'gz', 'zst', 'xz', 'bz2', 'oci'];

export class FileDialogs {
  readonly #window: () => BrowserWindow | undefined;
  readonly #messages: () => Messages;

  constructor(window: () => BrowserWindow | undefined, messages: () => Messages) {
    this.#window = window;
    this.#messages = messages;
  }

  /** Chosen archives, or one OCI layout folder; empty when cancelled. */
  chooseImages(kind: DialogKind): Promise<readonly string[]> {
    const messages = this.#messages();
    const filters = [
      { name: messages.importFilter, extensions: ARCHIVE_ENDINGS },
      { name: messages.allFiles, extensions: ['*'] },
    ];
    return this.#open(kind, { title: messages.importTitle, ...(kind === 'file' ? { filters } : {}) });
  }

  chooseToAdd(kind: DialogKind): Promise<readonly string[]> {
    return this.#open(kind, { title: this.#messages().addTitle });
  }

  async chooseStore(present: string): Promise<string | undefined> {
    const { storeTitle, choose } = this.#messages();
    const properties: OpenDialogOptions['properties'] = ['openDirectory', 'createDirectory'];
    const options: OpenDialogOptions = { title: storeTitle, buttonLabel: choose, defaultPath: present, properties };
    return (await this.#show(options))[0];
  }

  chooseExport(suggestedName: string): Promise<string | undefined> {
    return this.#save({ title: this.#messages().exportTitle, defaultPath: inDownloads(suggestedName) });
  }

  chooseSaveAs(suggestedName: string): Promise<string | undefined> {
    return this.#save({ title: this.#messages().saveTitle, defaultPath: inDownloads(suggestedName) });
  }

  #open(kind: DialogKind, options: OpenDialogOptions): Promise<readonly string[]> {
    const what = kind === 'file' ? 'openFile' : 'openDirectory';
    return this.#show({ ...options, properties: [what, 'multiSelections', 'showHiddenFiles'] });
  }

  async #show(options: OpenDialogOptions): Promise<readonly string[]> {
    const window = this.#window();
    const answer = await (window === undefined
      ? dialog.showOpenDialog(options)
      : dialog.showOpenDialog(window, options));
    return answer.canceled ? [] : answer.filePaths;
  }

  async #save(options: SaveDialogOptions): Promise<string | undefined> {
    const window = this.#window();
    const answer = await (window === undefined
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(window, options));
    return answer.canceled || answer.filePath === '' ? undefined : answer.filePath;
  }
}

function inDownloads(name: string): string {
  return join(app.getPath('downloads'), safeFileName(name));
}

/** A name that every system accepts: from an image, so it may hold anything. */
export function safeFileName(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N} ._+@=,-]/gu, '_').replace(/^[. ]+|[. ]+$/g, '');
  return safe === '' ? 'file' : safe.slice(0, 120);
}

/** `python-app_1.0.tar` for `python-app:1.0`; `images.tar` for several. */
export function exportName(references: readonly string[]): string {
  const [first] = references;
  if (first === undefined || references.length > 1) return 'images.tar';
  return `${safeFileName(
    first
      .replace(/@sha256:.*$/, '')
      .replace(/^.*\//, '')
      .replace(':', '_'),
  )}.tar`;
}
