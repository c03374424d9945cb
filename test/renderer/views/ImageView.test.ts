import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useImagesStore } from '../../../src-renderer/stores/images';
import ImageView from '../../../src-renderer/views/ImageView.vue';
import { connectStore, mountInWindow, type MountedWindow } from '../../support/window';

describe('the page of an image', () => {
  let window: MountedWindow;

  async function open(name: string, language: 'en' | 'zh-CN' = 'en'): Promise<void> {
    const images = useImagesStore();
    await images.refresh();
    const key = images.rows.find((row) => row.references[0]?.includes(name))?.key ?? '';
    window = await mountInWindow(ImageView, {}, language, { path: '/images/:key/:tab?', at: `/images/${key}` });
  }

  async function click(testid: string, init: MouseEventInit = {}): Promise<void> {
    window.find(testid).dispatchEvent(new MouseEvent('click', { bubbles: true, ...init }));
    await flushPromises();
  }

  const rows = (): string[] =>
    window.all('tree-rows').flatMap((grid) => [...grid.querySelectorAll('.label')].map((cell) => cell.textContent));

  beforeEach(() => {
    connectStore();
  });
  afterEach(() => {
    window.wrapper.unmount();
  });

  it('says in words what the tree shows, for every choice of layers', async () => {
    await open('textbook');
    expect(window.find('mode').textContent).toBe('Everything, as a container sees it');
    expect(window.find('amount').textContent).toMatch(/^6 files seen · 3 layers/);
    await click('plate-2');
    expect(window.find('mode').textContent).toBe('Only layer 2');
    expect(rows()).toEqual(['file4', 'file5', 'file6']);
    await click('plate-2', { shiftKey: true });
    expect(window.find('mode').textContent).toBe('As of layer 2');
    expect(rows()).toHaveLength(6);
    await click('stack-all');
    expect(rows()).toEqual(['file1', 'file2', 'file4', 'file5', 'file6', 'file7']);
  });

  it('opens the older version of the textbook’s file 5 by one click', async () => {
    await open('textbook');
    await click('row-file5');
    expect(window.find('story').textContent).toBe('From layer 3, hides 1 older version.');
    expect(window.find('version-3').getAttribute('aria-pressed')).toBe('true');
    expect(window.find('version-2').textContent).toContain('replaced in layer 3');
    await click('version-2');
    expect(window.find('preview').textContent).toContain('File 5, version 1.');
    expect(window.find('story').textContent).toContain('cannot be seen from outside');
  });

  it('is a tree grid that says levels, openness and selection', async () => {
    await open('story');
    await click('row-etc');
    const folder = window.find('row-etc');
    expect(folder.getAttribute('aria-expanded')).toBe('false');
    expect(folder.getAttribute('aria-selected')).toBe('true');
    folder.querySelector('button')?.click();
    await flushPromises();
    expect(window.find('row-etc').getAttribute('aria-expanded')).toBe('true');
    expect(window.find('row-etc/app.conf').getAttribute('aria-level')).toBe('2');
  });

  it('speaks Chinese', async () => {
    await open('textbook', 'zh-CN');
    expect(window.find('mode').textContent).toBe('全部内容，即容器所见');
    await click('row-file5');
    expect(window.find('story').textContent).toBe('来自第 3 层，遮盖了 1 个旧版本。');
  });
});
