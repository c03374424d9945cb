import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useImagesStore } from '../../../src-renderer/stores/images';
import ImagesView from '../../../src-renderer/views/ImagesView.vue';
import { connectStore, mountInWindow, type FakeBridge, type MountedWindow } from '../../support/window';

let bridge: FakeBridge;
let mounted: MountedWindow;
afterEach(() => mounted.wrapper.unmount());

async function open(options: Parameters<typeof connectStore>[0] = {}): Promise<void> {
  bridge = connectStore(options);
  mounted = await mountInWindow(ImagesView);
  await useImagesStore().start();
  await flushPromises();
}

function press(key: string, more: KeyboardEventInit = {}): void {
  mounted
    .find('image-table')
    .dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
}

async function pressRow(index: number, more: MouseEventInit = {}): Promise<void> {
  mounted.all('row')[index]!.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, ...more }));
  await flushPromises();
}

async function type(testid: string, text: string): Promise<void> {
  const field = mounted.find(testid);
  const input = field instanceof HTMLInputElement ? field : field.querySelector('input')!;
  input.value = text;
  input.dispatchEvent(new Event('input'));
  await flushPromises();
}

describe('an empty store', () => {
  it('offers a sample image, and opens it', async () => {
    await open({ empty: true });
    mounted.find('sample-textbook').click();
    await flushPromises();
    const [key] = [...bridge.store.images.keys()];
    expect(mounted.router.currentRoute.value.path).toBe(`/images/${key}`);
  });
});

describe('the list of images', () => {
  it('finds by what is typed', async () => {
    await open();
    await type('filter', 'textbook');
    expect(mounted.all('row')).toHaveLength(1);
    await type('filter', 'nothing like it');
    expect(mounted.all('row')).toHaveLength(0);
  });

  it('adds up what only the selected images have', async () => {
    await open();
    await pressRow(1);
    await pressRow(3, { shiftKey: true });
    expect(mounted.find('selection-summary').textContent).toContain('3 selected');
    expect(mounted.find('image-open').hasAttribute('disabled')).toBe(true);
  });

  it('removes after a question that names what goes', async () => {
    await open();
    await pressRow(0);
    press('Delete');
    await flushPromises();
    const name = [...bridge.store.images.values()].find((image) => image.details.references.includes('nginx:1.0.0'));
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('nginx:1.0.0');
    mounted.find('confirm-ok').click();
    await flushPromises();
    expect(bridge.store.images.has(name!.key)).toBe(false);
  });

  it('says in the dialog why a name is refused', async () => {
    await open();
    await pressRow(0);
    mounted.find('image-tag').click();
    await flushPromises();
    await type('tag-name', 'Not A Name');
    mounted.find('tag-ok').click();
    await flushPromises();
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('is not an image name');
  });

  it('makes a container and goes to it', async () => {
    await open();
    await pressRow(0);
    mounted.find('image-container').click();
    await flushPromises();
    await type('container-name', 'mine');
    mounted.find('container-create').click();
    await flushPromises();
    const made = [...bridge.store.containers.values()].find((container) => container.name === 'mine');
    expect(mounted.router.currentRoute.value.path).toBe(`/containers/${made!.id}`);
  });

  it('shows what is wrong with the store, and tries again', async () => {
    bridge = connectStore();
    mounted = await mountInWindow(ImagesView);
    const error = { code: 'STORE_LOCKED', message: 'Another Lamina uses the store.' };
    vi.spyOn(bridge, 'call').mockResolvedValueOnce({ ok: false, error } as never);
    await useImagesStore().start();
    await flushPromises();
    expect(mounted.find('error').textContent).toContain('Another Lamina uses the store.');
    mounted.find('error').querySelector('button')!.click();
    await flushPromises();
    expect(mounted.all('row').length).toBeGreaterThan(0);
  });
});
