/** The real program for end-to-end tests: Electron on the built `out/`, with a user folder and a store of its own. */
import { test as base, _electron, expect, type ElectronApplication, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CallInput, CallName, CallOutput } from '../../src-main/ipc/contract/calls';
import type { Answer } from '../../src-main/ipc/contract/views';

const root = resolve(import.meta.dirname, '..', '..');

export class LaminaApp {
  /** Holds user data, the store, and whatever a test puts there; removed at the end. */
  readonly folder: string;
  #app: ElectronApplication | undefined;
  #page: Page | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<LaminaApp> {
    return new LaminaApp(await mkdtemp(join(tmpdir(), 'lamina-e2e-')));
  }

  get electron(): ElectronApplication {
    if (this.#app === undefined) throw new Error('The program is not running.');
    return this.#app;
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error('The program is not running.');
    return this.#page;
  }

  get storeDir(): string {
    return join(this.folder, 'store');
  }

  /** @param args what the user gives on the command line */
  async start(args: readonly string[] = []): Promise<void> {
    this.#app = await _electron.launch(this.launchOptions(args));
    this.#page = await this.#app.firstWindow();
    await this.#page.waitForLoadState();
  }

  launchOptions(args: readonly string[] = []): NonNullable<Parameters<typeof _electron.launch>[0]> {
    const executablePath = process.env['LAMINA_ELECTRON'];
    if (executablePath === undefined) throw new Error('Run the end-to-end tests with `npm run e2e`.');
    return {
      executablePath,
      // Chromium refuses to sandbox for root, which only CI is.
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, ...args],
      env: {
        ...(process.env as Record<string, string>),
        LAMINA_USER_DATA: join(this.folder, 'user-data'),
        LAMINA_STORE: this.storeDir,
        LANG: 'en_US.UTF-8',
      },
    };
  }

  async stop(): Promise<void> {
    await this.#app?.close();
    this.#app = undefined;
    this.#page = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Makes a call as the page would. */
  answer<N extends CallName>(name: N, input: CallInput<N>): Promise<Answer<CallOutput<N>>> {
    return this.page.evaluate(
      ({ name: call, input: given }) => window.lamina.call(call, given as never) as Promise<Answer<never>>,
      { name, input },
    );
  }

  /** Makes a call and fails the test when it answers an error. */
  async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const answer = await this.answer(name, input);
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code}: ${answer.error.message}`);
    return answer.value;
  }

  /** Waits until no job is queued or running, and answers all of them. */
  async jobsDone(): Promise<CallOutput<'jobs.list'>> {
    await expect
      .poll(async () => (await this.call('jobs.list', undefined)).filter((job) => job.endedAt === undefined).length, {
        timeout: 60_000,
      })
      .toBe(0);
    return this.call('jobs.list', undefined);
  }

  /** Drops files as the file manager does: the page sees a real drag with real paths. */
  async dropFiles(paths: readonly string[], selector = 'body'): Promise<void> {
    const box = await this.page.locator(selector).first().boundingBox();
    if (box === null) throw new Error(`${selector} is not visible.`);
    const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, ...point, data });
    }
    await session.detach();
  }

  /** What the user will choose in the next open dialogs; an empty list cancels. */
  async chooseInOpenDialog(paths: readonly string[]): Promise<void> {
    await this.electron.evaluate(
      ({ dialog }, filePaths) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths });
      },
      [...paths],
    );
  }

  /** Where the user will save in the next save dialogs; undefined cancels. */
  async chooseInSaveDialog(path: string | undefined): Promise<void> {
    await this.electron.evaluate(
      ({ dialog }, { filePath }) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: filePath === '', filePath });
      },
      { filePath: path ?? '' },
    );
  }
}

/** A test with the program running. */
export const test = base.extend<{ lamina: LaminaApp }>({
  // Playwright reads the wanted fixtures from this very pattern.
  lamina: async ({}, use) => {
    const lamina = await LaminaApp.create();
    try {
      await lamina.start();
      await use(lamina);
    } finally {
      await lamina.remove();
    }
  },
});

export { expect } from '@playwright/test';
