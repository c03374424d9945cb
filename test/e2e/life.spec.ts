import { _electron } from '@playwright/test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../support/app';

test('settings, the theme and the place of the window are there again after a restart', async ({ lamina }) => {
  await lamina.call('settings.set', { language: 'zh-CN', theme: 'dark', author: 'An author' });
  await expect(lamina.page.getByTestId('nav-images')).toContainText('镜像');
  await lamina.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setBounds({ x: 40, y: 30, width: 1000, height: 700 }),
  );
  await lamina.stop();
  await lamina.start();
  expect(await lamina.call('settings.get', undefined)).toMatchObject({
    effectiveLanguage: 'zh-CN',
    effectiveTheme: 'dark',
    author: 'An author',
  });
  const seen = await lamina.electron.evaluate(({ BrowserWindow, nativeTheme, Menu }) => ({
    bounds: BrowserWindow.getAllWindows()[0]!.getBounds(),
    dark: nativeTheme.shouldUseDarkColors,
    menu: Menu.getApplicationMenu()?.items[0]?.label,
  }));
  expect(seen).toMatchObject({ bounds: { width: 1000, height: 700 }, dark: true, menu: '文件' });
});

test('a second start brings the first to the front and hands over the files it was given', async ({ lamina }) => {
  const file = join(lamina.folder, 'given.tar');
  await writeFile(file, 'not an image');
  // Playwright cannot attach to a program that ends at once; that it ends is what is wanted.
  await expect(_electron.launch({ ...lamina.launchOptions([file]), timeout: 15_000 })).rejects.toThrow();
  await expect
    .poll(async () => (await lamina.call('jobs.list', undefined)).map((job) => job.subject))
    .toEqual(['given.tar']);
  await expect.poll(() => lamina.page.url()).toContain('#/activity');
});

test('files given on the command line are imported at the first start, too', async ({ lamina }) => {
  await lamina.stop();
  const file = join(lamina.folder, 'given.tar');
  await writeFile(file, 'not an image');
  await lamina.start([file]);
  expect(await lamina.jobsDone()).toMatchObject([{ subject: 'given.tar', state: 'failed' }]);
});

test('closing the idle window ends the program', async ({ lamina }) => {
  const ended = new Promise<number | null>((resolve) => lamina.electron.process().once('exit', resolve));
  await lamina.electron
    .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    .catch(() => undefined);
  expect(await ended).toBe(0);
});

test('the tray and the menu offer their commands', async ({ lamina }) => {
  const labels = await lamina.electron.evaluate(({ Menu }) => {
    const collect = (items: Electron.MenuItem[]): string[] =>
      items.flatMap((item) => [item.label, ...collect(item.submenu?.items ?? [])]);
    return collect(Menu.getApplicationMenu()!.items);
  });
  expect(labels).toEqual(expect.arrayContaining(['Import Image File…', 'Settings…', 'Quit Lamina', 'Search…']));
  await lamina.electron.evaluate(({ Menu }) => {
    const view = Menu.getApplicationMenu()!.items.find((item) => item.label === 'View')!;
    const containers = view.submenu!.items.find((item) => item.label === 'Containers')!;
    (containers.click as () => void)();
  });
  await expect.poll(() => lamina.page.url()).toContain('#/containers');
});
