import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { exportName, safeFileName } from '../../src-main/app/file-dialogs';
import { menuTemplate } from '../../src-main/app/menu';
import { messagesIn } from '../../src-main/app/messages';
import { fileOf } from '../../src-main/app/page-protocol';
import { trayTemplate } from '../../src-main/app/tray';
import type { ImageRow } from '../../src-main/ipc/contract/views';

// What is tested here is plain data; nothing of Electron runs.
vi.mock('electron', () => ({}));

const actions = { importDialog: vi.fn(), command: vi.fn(), closeWindow: vi.fn(), open: vi.fn(), quit: vi.fn() };

function flat(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

describe('the native menu', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('has a label for every item and no key twice on %s', (platform) => {
    for (const language of ['en', 'zh-CN'] as const) {
      const items = flat(menuTemplate(messagesIn(language), actions, { platform, development: false }));
      expect(items.filter((item) => item.type !== 'separator' && !item.label)).toEqual([]);
      const keys = items.flatMap((item) => (item.accelerator === undefined ? [] : [item.accelerator]));
      expect(new Set(keys).size).toBe(keys.length);
      expect(items.some((item) => item.role === 'toggleDevTools')).toBe(false);
    }
  });

  it('has the same words in both languages', () => {
    expect(Object.keys(messagesIn('zh-CN')).sort()).toEqual(Object.keys(messagesIn('en')).sort());
    const places = (text: string) => text.match(/\{\w+\}/g)?.sort() ?? [];
    const english = messagesIn('en');
    for (const [key, text] of Object.entries(messagesIn('zh-CN'))) {
      expect(places(text), key).toEqual(places(english[key as keyof typeof english]));
    }
  });
});

describe('the tray menu', () => {
  const image = (number: number, references: readonly string[]): ImageRow => ({
    key: `sha256:${number}`,
    id: `sha256:${'abcdef0123456789'.repeat(4)}`,
    references,
    platform: 'linux/amd64',
    created: undefined,
    layers: 1,
    size: 1,
    uniqueSize: 1,
  });

  it('lists five images and opens the one that is clicked', () => {
    const images = Array.from({ length: 8 }, (_, index) => image(index, index === 1 ? [] : [`app:${index}`]));
    const items = trayTemplate({ images, jobs: [] }, messagesIn('en'), actions);
    const labels = items.map((item) => item.label);
    expect(labels.filter((label) => /^app:|untagged/.test(label ?? ''))).toEqual([
      'app:0',
      'abcdef012345 (untagged)',
      'app:2',
      'app:3',
      'app:4',
    ]);
    items.find((item) => item.label === 'app:2')?.click?.(undefined as never, undefined, undefined as never);
    expect(actions.command).toHaveBeenCalledWith({ kind: 'openImage', key: 'sha256:2' });
  });

  it('says so when there is nothing yet', () => {
    const labels = trayTemplate({ images: [], jobs: [] }, messagesIn('en'), actions).map((item) => item.label);
    expect(labels).toEqual(expect.arrayContaining(['No images yet', 'No running jobs']));
  });
});

describe('a suggested file name', () => {
  it.each([
    ['../../etc/passwd', '_.._etc_passwd'],
    ['a/b:c*?', 'a_b_c__'],
    ['..', 'file'],
    ['', 'file'],
    ['配置.txt', '配置.txt'],
    ['a\u0000b\nc', 'a_b_c'],
  ])('for %j is safe on every system: %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  it('names an archive after its image', () => {
    expect(exportName(['registry.example:5000/team/python-app:1.0'])).toBe('python-app_1.0.tar');
    expect(exportName(['a:1', 'b:1'])).toBe('images.tar');
    expect(exportName([])).toBe('images.tar');
  });
});

describe('an address of the page', () => {
  const folder = process.platform === 'win32' ? 'C:\\app' : '/app';

  it('leads to a file of its folder and never outside', () => {
    expect(fileOf(folder, 'lamina-app://window/assets/a.js')).toMatch(/app.assets.a\.js$/);
    for (const url of [
      'lamina-app://window/..%2f..%2fetc/passwd',
      'lamina-app://window/%00',
      'lamina-app://window/%zz',
      'lamina-app://other/index.html',
      'lamina-app://windows/index.html',
      'file:///etc/passwd',
    ]) {
      expect(fileOf(folder, url), url).toBeUndefined();
    }
  });
});
