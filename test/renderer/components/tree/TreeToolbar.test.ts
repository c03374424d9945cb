import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import TreeToolbar from '../../../../src-renderer/components/tree/TreeToolbar.vue';
import { mountInWindow, type MountedWindow } from '../../../support/window';

let mounted: MountedWindow;
const filtered = vi.fn();
const left = vi.fn();

beforeEach(async () => {
  mounted = await mountInWindow(TreeToolbar, {
    filter: '',
    matches: undefined,
    ghosts: true,
    onFilter: filtered,
    onLeave: left,
  });
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  mounted.wrapper.unmount();
  filtered.mockReset();
  left.mockReset();
});

function field(): HTMLInputElement {
  const found = mounted.find('filter');
  if (!(found instanceof HTMLInputElement)) throw new Error('the filter is no input');
  return found;
}

async function type(text: string): Promise<void> {
  field().value = text;
  field().dispatchEvent(new Event('input'));
  await flushPromises();
}

async function press(key: string): Promise<void> {
  field().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await flushPromises();
}

/** Gives back what was asked for, as the page does. */
async function answer(): Promise<void> {
  await mounted.wrapper.setProps({ filter: filtered.mock.lastCall?.[0] as string });
  await flushPromises();
}

describe('the filter of the file tree', () => {
  it('applies once, a moment after the last key', async () => {
    await type('*.b');
    vi.advanceTimersByTime(60);
    await type('*.bin');
    vi.advanceTimersByTime(60);
    expect(filtered).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60);
    expect(filtered.mock.calls).toEqual([['*.bin']]);
  });

  it('applies at once and goes to the tree with Enter and Arrow down', async () => {
    await type('etc');
    await press('Enter');
    expect(filtered.mock.calls).toEqual([['etc']]);
    expect(left).toHaveBeenCalledTimes(1);
    await answer();
    vi.advanceTimersByTime(200);
    await press('ArrowDown');
    expect(filtered).toHaveBeenCalledTimes(1);
    expect(left).toHaveBeenCalledTimes(2);
  });

  it('is emptied at once with Escape, and left with the next', async () => {
    await type('etc');
    vi.advanceTimersByTime(200);
    await answer();
    await press('Escape');
    expect(filtered.mock.calls).toEqual([['etc'], ['']]);
    expect(field().value).toBe('');
    expect(left).not.toHaveBeenCalled();
    await press('Escape');
    expect(left).toHaveBeenCalledTimes(1);
  });

  it('shows a filter that was set elsewhere', async () => {
    await mounted.wrapper.setProps({ filter: '/var/**' });
    await flushPromises();
    expect(field().value).toBe('/var/**');
    expect(filtered).not.toHaveBeenCalled();
  });
});
