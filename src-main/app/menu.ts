/** The native menu, with a key for each action, rebuilt when the language changes. */
import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { WindowCommand } from '../ipc/contract/events';
import type { Messages } from './messages';

export interface MenuActions {
  readonly importDialog: (kind: 'file' | 'folder') => void;
  readonly command: (command: WindowCommand) => void;
  readonly closeWindow: () => void;
  readonly quit: () => void;
}

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  /** Shows the developer tools; not in a packaged app. */
  readonly development: boolean;
}

export function setMenu(messages: Messages, actions: MenuActions, options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(messages, actions, options)));
}

export function menuTemplate(
  messages: Messages,
  actions: MenuActions,
  options: MenuOptions,
): MenuItemConstructorOptions[] {
  const mac = options.platform === 'darwin';
  return [
    ...(mac ? [macMenu(messages, actions)] : []),
    fileMenu(messages, actions, mac),
    editMenu(messages),
    viewMenu(messages, actions, options),
    {
      label: messages.window,
      role: 'window',
      submenu: [
        { label: messages.minimize, role: 'minimize' },
        { label: messages.closeWindow, accelerator: 'CmdOrCtrl+W', click: actions.closeWindow },
      ],
    },
    ...(mac ? [] : [helpMenu(messages)]),
  ];
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

function macMenu(messages: Messages, actions: MenuActions): MenuItemConstructorOptions {
  return {
    label: 'Lamina',
    submenu: [
      { label: messages.about, role: 'about' },
      separator,
      settingsItem(messages, actions),
      separator,
      { label: messages.hide, role: 'hide' },
      { label: messages.hideOthers, role: 'hideOthers' },
      { label: messages.showAll, role: 'unhide' },
      separator,
      { label: messages.quit, accelerator: 'Cmd+Q', click: actions.quit },
    ],
  };
}

function settingsItem(messages: Messages, { command }: MenuActions): MenuItemConstructorOptions {
  return {
    label: messages.settings,
    accelerator: 'CmdOrCtrl+,',
    click: () => command({ kind: 'go', page: 'settings' }),
  };
}

function fileMenu(messages: Messages, actions: MenuActions, mac: boolean): MenuItemConstructorOptions {
  return {
    label: messages.file,
    submenu: [
      { label: messages.importFile, accelerator: 'CmdOrCtrl+O', click: () => actions.importDialog('file') },
      { label: messages.importFolder, accelerator: 'CmdOrCtrl+Shift+O', click: () => actions.importDialog('folder') },
      ...(mac
        ? []
        : [
            separator,
            settingsItem(messages, actions),
            separator,
            { label: messages.quit, accelerator: 'Ctrl+Q', click: actions.quit },
          ]),
    ],
  };
}

function editMenu(messages: Messages): MenuItemConstructorOptions {
  return {
    label: messages.edit,
    submenu: [
      { label: messages.undo, role: 'undo' },
      { label: messages.redo, role: 'redo' },
      separator,
      { label: messages.cut, role: 'cut' },
      { label: messages.copy, role: 'copy' },
      { label: messages.paste, role: 'paste' },
      { label: messages.selectAll, role: 'selectAll' },
    ],
  };
}

function viewMenu(
  messages: Messages,
  { command }: MenuActions,
  { development }: MenuOptions,
): MenuItemConstructorOptions {
  const pages = ['images', 'containers', 'activity'] as const;
  return {
    label: messages.view,
    submenu: [
      { label: messages.search, accelerator: 'CmdOrCtrl+K', click: () => command({ kind: 'focusSearch' }) },
      separator,
      ...pages.map((page, index): MenuItemConstructorOptions => ({
        label: messages[page],
        accelerator: `CmdOrCtrl+${index + 1}`,
        click: () => command({ kind: 'go', page }),
      })),
      separator,
      { label: messages.actualSize, role: 'resetZoom' },
      { label: messages.zoomIn, role: 'zoomIn' },
      { label: messages.zoomOut, role: 'zoomOut' },
      { label: messages.fullScreen, role: 'togglefullscreen' },
      ...(development ? [separator, { label: messages.developerTools, role: 'toggleDevTools' } as const] : []),
    ],
  };
}

function helpMenu(messages: Messages): MenuItemConstructorOptions {
  return { label: messages.help, role: 'help', submenu: [{ label: messages.about, role: 'about' }] };
}
