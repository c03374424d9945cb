/** Calls that main answers itself, because they need Electron: settings, dialogs, the file manager. */
import { app, shell } from 'electron';
import { basename } from 'node:path';
import { LaminaError, toText, type ByteString } from '../engine/index';
import { APP_CALLS, type AppCallName, type EngineCallName, type Handlers } from '../ipc/calls';
import type { CallInput, CallName } from '../ipc/contract/calls';
import { callSchemas } from '../ipc/contract/calls';
import type { AppInfo, EffectiveSettings } from '../ipc/contract/views';
import type { Drop } from '../ipc/register';
import type { EngineClient } from './engine-client';
import { exportName, type FileDialogs } from './file-dialogs';
import { isActive } from './job-summary';
import type { Messages } from './messages';
import type { SettingsStore } from './settings';

export interface AppContext {
  readonly engine: EngineClient;
  readonly settings: SettingsStore;
  readonly dialogs: FileDialogs;
  readonly messages: () => Messages;
  /** Theme, menu and windows follow the new settings. */
  readonly settingsChanged: (settings: EffectiveSettings) => void;
}

/** Every call of the contract: the app's own, and all others forwarded to the engine thread. */
export function allHandlers(context: AppContext): Handlers<CallName> {
  const own = new Set<string>(APP_CALLS);
  const names = Object.keys(callSchemas).filter((name): name is EngineCallName => !own.has(name));
  const forwarded = names.map((name) => [name, (input: CallInput<EngineCallName>) => context.engine.call(name, input)]);
  return { ...(Object.fromEntries(forwarded) as Handlers<EngineCallName>), ...appHandlers(context) };
}

export async function handleDrop({ engine }: AppContext, drop: Drop): Promise<number | readonly number[]> {
  if (drop.kind === 'import') return engine.host('host.import', { paths: drop.paths });
  return engine.host('host.add', { container: drop.container, parent: drop.parent, paths: drop.paths });
}

function appHandlers(context: AppContext): Handlers<AppCallName> {
  const { engine, settings, dialogs } = context;
  return {
    'app.info': () => appInfo(settings.storeDir),
    'settings.get': () => settings.effective(),
    'settings.set': (change) => {
      const effective = settings.change(change);
      context.settingsChanged(effective);
      return effective;
    },
    'settings.chooseStore': () => chooseStore(context),
    'store.reveal': async () => {
      const problem = await shell.openPath(settings.storeDir);
      if (problem !== '') throw new LaminaError('IO', problem, { subject: settings.storeDir });
    },
    'images.importDialog': async ({ kind }) => {
      const paths = await dialogs.chooseImages(kind);
      return paths.length === 0 ? [] : engine.host('host.import', { paths });
    },
    'images.exportDialog': async ({ keys, format }) => {
      const wanted = new Set(keys);
      const images = (await engine.call('images.list', undefined)).filter((image) => wanted.has(image.key));
      const file = await dialogs.chooseExport(exportName(images.map((image) => image.references[0] ?? image.id)));
      return file === undefined ? undefined : engine.host('host.export', { keys, format, file });
    },
    'containers.addDialog': async ({ id, parent, kind }) => {
      const paths = await dialogs.chooseToAdd(kind);
      return paths.length === 0 ? undefined : engine.host('host.add', { container: id, parent, paths });
    },
    'tree.saveAs': async ({ view, path, layer }) => {
      const file = await dialogs.chooseSaveAs(basename(toText(path as ByteString)));
      if (file === undefined) return undefined;
      await engine.host('host.saveVersion', { view, path, layer, file });
      return file;
    },
  };
}

function appInfo(storeDir: string): AppInfo {
  const { platform } = process;
  return {
    version: app.getVersion(),
    platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux',
    storeDir,
    electron: process.versions.electron,
  };
}

/** Opens the chosen store; one that cannot be opened is not taken, and the old one stays. */
async function chooseStore({
  engine,
  settings,
  dialogs,
  messages,
  settingsChanged,
}: AppContext): Promise<EffectiveSettings> {
  if ((await engine.call('jobs.list', undefined)).some(isActive)) {
    const { jobsRunning, jobsRunningHint } = messages();
    throw new LaminaError('STORE_LOCKED', jobsRunning, { hint: jobsRunningHint });
  }
  const before = settings.storeDir;
  const chosen = await dialogs.chooseStore(before);
  if (chosen === undefined || chosen === before) return settings.effective();
  await engine.useStore(chosen);
  try {
    await engine.call('store.usage', undefined);
  } catch (error) {
    await engine.useStore(before);
    throw error;
  }
  const effective = settings.chooseStore(chosen);
  settingsChanged(effective);
  return effective;
}
