/**
 * The bridge between the window and main. Runs sandboxed, so it is one file without Node modules; it passes on known
 * names only and turns dropped files into paths, which the page itself never sees.
 */
import * as electron from 'electron';
import type { Bridge } from './contract/bridge';
import { CALL_CHANNEL, DROP_CHANNEL, EVENT_CHANNEL, READY_CHANNEL } from './contract/channels';
import { CALL_NAMES, EVENT_NAMES } from './contract/names';
import type { Answer } from './contract/views';

const { contextBridge, ipcRenderer } = electron;
const callNames: ReadonlySet<string> = new Set(CALL_NAMES);
const eventNames: ReadonlySet<string> = new Set(EVENT_NAMES);

/** Electron 25 gives a File its path; from 29 on `webUtils` knows it. Empty for a file that is on no disk. */
function pathOf(file: File & { readonly path?: string }): string {
  const { webUtils } = electron as Partial<Pick<typeof electron, 'webUtils'>>;
  return webUtils?.getPathForFile(file) ?? file.path ?? '';
}

function pathsOf(files: readonly File[]): string[] {
  return files.map(pathOf).filter((path) => path !== '');
}

async function invoke(channel: string, ...args: readonly unknown[]): Promise<Answer<never>> {
  return (await ipcRenderer.invoke(channel, ...args)) as Answer<never>;
}

const bridge: Bridge = {
  call(name, input) {
    if (callNames.has(name)) return invoke(CALL_CHANNEL, name, input);
    const message = `There is no call named “${name}”.`;
    return Promise.resolve({ ok: false, error: { code: 'INVALID_ARGUMENT', message } });
  },
  on(name, listener) {
    if (!eventNames.has(name)) return () => undefined;
    const forward = (_event: unknown, event: string, payload: unknown): void => {
      if (event === name) listener(payload as Parameters<typeof listener>[0]);
    };
    ipcRenderer.on(EVENT_CHANNEL, forward);
    if (name === 'window.command') ipcRenderer.send(READY_CHANNEL);
    return () => ipcRenderer.off(EVENT_CHANNEL, forward);
  },
  importDropped: (files) => invoke(DROP_CHANNEL, { kind: 'import', paths: pathsOf(files) }),
  addDropped: (container, parent, files) =>
    invoke(DROP_CHANNEL, { kind: 'add', container, parent, paths: pathsOf(files) }),
};

contextBridge.exposeInMainWorld('lamina', bridge);
