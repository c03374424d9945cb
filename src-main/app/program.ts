/** The parts of the running program and who tells whom what. */
import { app, ipcMain, nativeTheme } from 'electron';
import { resolve } from 'node:path';
import { defaultStoreDir } from '../engine/index';
import type { EventName, EventPayloads } from '../ipc/contract/events';
import type { EffectiveSettings, JobRow } from '../ipc/contract/views';
import { registerCalls } from '../ipc/register';
import { allHandlers, handleDrop, type AppContext } from './app-handlers';
import { EngineClient } from './engine-client';
import { FileDialogs, type DialogKind } from './file-dialogs';
import { JobNotices } from './job-notices';
import type { Launch } from './launch';
import { Lifecycle } from './lifecycle';
import { setMenu } from './menu';
import { messagesIn, type Messages } from './messages';
import { servePage } from './page-protocol';
import { assetFile, programFiles, userFile } from './paths';
import { RecentImages } from './recent-images';
import { SettingsStore } from './settings';
import { AppTray } from './tray';
import { lockDown } from './web-security';
import { MainWindow } from './window';

export class Program {
  readonly window: MainWindow;
  readonly #settings: SettingsStore;
  readonly #engine: EngineClient;
  readonly #dialogs: FileDialogs;
  readonly #notices: JobNotices;
  readonly #recent: RecentImages;
  readonly #lifecycle: Lifecycle;
  readonly #devServer: string | undefined;
  #tray: AppTray | undefined;

  constructor() {
    const { LAMINA_STORE, ELECTRON_RENDERER_URL } = process.env;
    this.#devServer = app.isPackaged ? undefined : ELECTRON_RENDERER_URL;
    this.#settings = new SettingsStore(userFile('settings.json'), {
      defaultStoreDir: defaultStoreDir(),
      storeOverride: LAMINA_STORE === undefined || LAMINA_STORE === '' ? undefined : resolve(LAMINA_STORE),
      system: () => ({ locale: app.getLocale(), dark: nativeTheme.shouldUseDarkColors }),
    });
    nativeTheme.themeSource = this.#settings.stored.theme;
    const files = { engineThreadFile: programFiles.engineThread, layerWorkerFile: programFiles.layerWorker };
    this.#engine = new EngineClient(files, this.#settings.storeDir, (name, payload) => this.#onEvent(name, payload));
    this.window = new MainWindow({
      preload: programFiles.preload,
      icon: assetFile('icons', '256x256.png'),
      placeFile: userFile('window.json'),
      devServer: this.#devServer,
      mayClose: () => this.#lifecycle.mayCloseWindow(),
    });
    this.#dialogs = new FileDialogs(() => this.window.native, this.#messages);
    this.#notices = new JobNotices(this.window, this.#messages);
    this.#recent = new RecentImages(userFile('recent-images.json'));
    this.#lifecycle = new Lifecycle({
      engine: this.#engine,
      settings: this.#settings,
      messages: this.#messages,
      jobs: () => this.#notices.jobs,
    });
  }

  start(): void {
    servePage(programFiles.page);
    lockDown(this.#devServer);
    this.#registerCalls();
    this.#setMenu();
    this.#tray = new AppTray(this.#messages, {
      importDialog: (kind) => this.#importDialog(kind),
      command: (command) => this.window.command(command),
      open: () => this.window.show(),
      quit: () => void this.#lifecycle.quit(),
    });
    nativeTheme.on('updated', () => this.#onSettings(this.#settings.effective()));
    this.window.show();
    this.#refreshTray();
  }

  /** Imports the files and shows the image that a start of the program names. */
  async open(launch: Launch): Promise<void> {
    if (launch.paths.length > 0) {
      await this.#engine.host('host.import', { paths: launch.paths });
      this.window.command({ kind: 'go', page: 'activity' });
    }
    for (const reference of launch.references) {
      const images = await this.#engine.call('images.list', undefined);
      const image = images.find((candidate) => candidate.references.includes(reference));
      if (image !== undefined) this.window.command({ kind: 'openImage', key: image.key });
    }
  }

  readonly #messages = (): Messages => messagesIn(this.#settings.effective().effectiveLanguage);

  #registerCalls(): void {
    const context: AppContext = {
      engine: this.#engine,
      settings: this.#settings,
      dialogs: this.#dialogs,
      messages: this.#messages,
      settingsChanged: (settings) => this.#onSettings(settings),
    };
    const handlers = allHandlers(context);
    registerCalls(ipcMain, {
      isTrusted: (event) => this.window.isSender(event),
      handlers: {
        ...handlers,
        'images.get': async (input) => {
          const image = await handlers['images.get'](input);
          this.#recent.touch(image.key);
          this.#refreshTray();
          return image;
        },
      },
      onDrop: (drop) => handleDrop(context, drop),
    });
  }

  #onEvent<N extends EventName>(name: N, payload: EventPayloads[N]): void {
    this.window.send(name, payload);
    if (name === 'jobs.changed') this.#onJobs(payload as readonly JobRow[]);
    if (name === 'images.changed') this.#refreshTray();
  }

  #onJobs(jobs: readonly JobRow[]): void {
    for (const job of this.#notices.update(jobs)) for (const key of job.imageKeys) this.#recent.touch(key);
    this.#tray?.update({ jobs });
  }

  #onSettings(settings: EffectiveSettings): void {
    if (nativeTheme.themeSource !== settings.theme) nativeTheme.themeSource = settings.theme;
    this.window.setBackground(settings.effectiveTheme);
    this.window.send('settings.changed', this.#settings.effective());
    this.#setMenu();
    this.#tray?.update({});
  }

  #setMenu(): void {
    setMenu(
      this.#messages(),
      {
        importDialog: (kind) => this.#importDialog(kind),
        command: (command) => this.window.command(command),
        closeWindow: () => this.window.native?.close(),
        quit: () => void this.#lifecycle.quit(),
      },
      { platform: process.platform, development: !app.isPackaged },
    );
  }

  #importDialog(kind: DialogKind): void {
    void this.#dialogs.chooseImages(kind).then((paths) => this.open({ paths, references: [] }));
  }

  /** A store that cannot be read has no recent images; the window says why. */
  #refreshTray(): void {
    void this.#engine.call('images.list', undefined).then(
      (images) => this.#tray?.update({ images: this.#recent.sort(images) }),
      () => this.#tray?.update({ images: [] }),
    );
  }
}
