/** The tray icon and its menu: import, the recent images, running jobs, open, quit. */
import { Menu, nativeImage, nativeTheme, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron';
import type { WindowCommand } from '../ipc/contract/events';
import type { ImageRow, JobRow } from '../ipc/contract/views';
import { isActive, jobLine } from './job-summary';
import type { Messages } from './messages';
import { assetFile } from './paths';

const MAX_RECENT = 5;
/** The menu is a native object: rebuilt at most this often while jobs run. */
const REBUILD_INTERVAL_MS = 500;

export interface TrayActions {
  readonly importDialog: (kind: 'file' | 'folder') => void;
  readonly command: (command: WindowCommand) => void;
  readonly open: () => void;
  readonly quit: () => void;
}

export interface TrayState {
  readonly images: readonly ImageRow[];
  readonly jobs: readonly JobRow[];
}

export class AppTray {
  readonly #tray: Tray;
  readonly #messages: () => Messages;
  readonly #actions: TrayActions;
  #state: TrayState = { images: [], jobs: [] };
  #timer: NodeJS.Timeout | undefined;

  constructor(messages: () => Messages, actions: TrayActions) {
    this.#messages = messages;
    this.#actions = actions;
    this.#tray = new Tray(trayIcon());
    this.#tray.setToolTip('Lamina');
    this.#tray.on('click', actions.open);
    this.#rebuild();
  }

  update(change: Partial<TrayState>): void {
    this.#state = { ...this.#state, ...change };
    this.#timer ??= setTimeout(() => this.#rebuild(), REBUILD_INTERVAL_MS);
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#tray.destroy();
  }

  #rebuild(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tray.setImage(trayIcon());
    this.#tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(this.#state, this.#messages(), this.#actions)));
  }
}

export function trayTemplate(state: TrayState, messages: Messages, actions: TrayActions): MenuItemConstructorOptions[] {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    { label: messages.openLamina, click: actions.open },
    separator,
    { label: messages.importFile, click: () => actions.importDialog('file') },
    { label: messages.importFolder, click: () => actions.importDialog('folder') },
    separator,
    { label: messages.recentImages, enabled: false },
    ...recentItems(state.images, messages, actions),
    separator,
    ...jobItems(state.jobs, messages, actions),
    separator,
    { label: messages.quit, click: actions.quit },
  ];
}

function recentItems(
  images: readonly ImageRow[],
  messages: Messages,
  actions: TrayActions,
): MenuItemConstructorOptions[] {
  if (images.length === 0) return [{ label: messages.noImages, enabled: false }];
  return images.slice(0, MAX_RECENT).map((image) => ({
    label: image.references[0] ?? `${image.id.slice('sha256:'.length, 'sha256:'.length + 12)} (${messages.untagged})`,
    click: () => actions.command({ kind: 'openImage', key: image.key }),
  }));
}

function jobItems(jobs: readonly JobRow[], messages: Messages, actions: TrayActions): MenuItemConstructorOptions[] {
  const active = jobs.filter(isActive);
  if (active.length === 0) return [{ label: messages.noJobs, enabled: false }];
  return active.map((job) => ({
    label: jobLine(job, messages),
    click: () => actions.command({ kind: 'go', page: 'activity' }),
  }));
}

/** macOS colours template images by itself; elsewhere the picture follows the theme. Electron finds the `@2x` ones. */
function trayIcon(): NativeImage {
  if (process.platform === 'darwin') {
    const image = nativeImage.createFromPath(assetFile('tray', 'trayTemplate.png'));
    image.setTemplateImage(true);
    return image;
  }
  const name = nativeTheme.shouldUseDarkColors ? 'tray-on-dark.png' : 'tray-on-light.png';
  return nativeImage.createFromPath(assetFile('tray', name));
}
