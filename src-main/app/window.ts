/** The one window: isolated and sandboxed, shown when it has something to show, at the place where it was. */
import { BrowserWindow, nativeTheme, screen, type IpcMainInvokeEvent } from 'electron';
import { EVENT_CHANNEL, READY_CHANNEL } from '../ipc/contract/channels';
import type { EventName, EventPayloads, WindowCommand } from '../ipc/contract/events';
import { PAGE_URL } from './page-protocol';
import { isOurPage } from './web-security';
import { MIN_HEIGHT, MIN_WIDTH, readPlace, writePlace } from './window-place';

export interface WindowOptions {
  readonly preload: string;
  readonly icon: string;
  /** File that remembers the place. */
  readonly placeFile: string;
  /** Origin of the development server; the built page without. */
  readonly devServer: string | undefined;
  /** Asked when the user closes the window: whether it may really close. */
  readonly mayClose: () => boolean;
}

const DEFAULT_WIDTH = 1280;
const DEFAULT_HEIGHT = 800;
/** `--bg` of the page's tokens.css: what is seen until the page draws. */
const BACKGROUND = { light: '#fbfcfc', dark: '#171c20' };

export class MainWindow {
  readonly #options: WindowOptions;
  #window: BrowserWindow | undefined;
  /** Commands given before the page listens; undefined once it does. */
  #waiting: WindowCommand[] | undefined = [];

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  /** The native window while it exists. */
  get native(): BrowserWindow | undefined {
    return this.#window;
  }

  get visible(): boolean {
    return this.#window !== undefined && this.#window.isVisible() && !this.#window.isMinimized();
  }

  /** Opens the window, or brings it to the front. */
  show(): void {
    const window = this.#window;
    if (window === undefined) {
      this.#window = this.#create();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  send<N extends EventName>(name: N, payload: EventPayloads[N]): void {
    const contents = this.#window?.webContents;
    if (contents !== undefined && !contents.isDestroyed()) contents.send(EVENT_CHANNEL, name, payload);
  }

  /** Shows the window and has the page do something, as soon as it can. */
  command(command: WindowCommand): void {
    this.show();
    if (this.#waiting === undefined) this.send('window.command', command);
    else this.#waiting.push(command);
  }

  /** From this window's own top frame, and showing our page. */
  isSender(event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>): boolean {
    const frame = event.senderFrame;
    const contents = this.#window?.webContents;
    if (contents === undefined || frame === null || event.sender.id !== contents.id) return false;
    return frame === contents.mainFrame && isOurPage(frame.url, this.#options.devServer);
  }

  setBackground(theme: 'light' | 'dark'): void {
    this.#window?.setBackgroundColor(BACKGROUND[theme]);
  }

  #create(): BrowserWindow {
    const { preload, icon, placeFile, devServer, mayClose } = this.#options;
    const place = readPlace(
      placeFile,
      screen.getAllDisplays().map((display) => display.workArea),
    );
    const window = new BrowserWindow({
      width: DEFAULT_WIDTH,
      height: DEFAULT_HEIGHT,
      ...place.bounds,
      minWidth: MIN_WIDTH,
      minHeight: MIN_HEIGHT,
      show: false,
      title: 'Lamina',
      icon,
      backgroundColor: BACKGROUND[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
      webPreferences: {
        preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        navigateOnDragDrop: false,
      },
    });
    if (place.maximized) window.maximize();
    this.#deliverWhenReady(window);
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      writePlace(placeFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
      if (mayClose()) return;
      event.preventDefault();
      window.hide();
    });
    window.on('closed', () => (this.#window = undefined));
    void window.loadURL(devServer ?? PAGE_URL);
    return window;
  }

  #deliverWhenReady(window: BrowserWindow): void {
    window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#waiting ??= [];
    });
    window.webContents.ipc.on(READY_CHANNEL, () => {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      for (const command of waiting) this.send('window.command', command);
    });
  }
}
