import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { useShortcuts } from '../../../src-renderer/composables/useShortcuts';

const run = vi.fn<(what: string) => void>();
const Host = defineComponent({
  setup() {
    useShortcuts({ '/': () => run('slash'), 'mod+i': () => run('import') });
    return () => h('input');
  },
});
let host: ReturnType<typeof mount>;

function press(target: EventTarget, init: KeyboardEventInit): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  run.mockClear();
  host = mount(Host, { attachTo: document.body });
});
afterEach(() => host.unmount());

describe('global keys', () => {
  it('run and are taken, so that the native menu does not run them too', () => {
    expect(press(document.body, { key: 'I', ctrlKey: true }).defaultPrevented).toBe(true);
    expect(run).toHaveBeenCalledWith('import');
  });

  it('leave plain keys to a text field, but not those with Ctrl', () => {
    expect(press(host.element as Element, { key: '/' }).defaultPrevented).toBe(false);
    press(host.element as Element, { key: 'i', ctrlKey: true });
    expect(run.mock.calls).toEqual([['import']]);
  });

  it('leave composed text alone', () => {
    press(document.body, { key: '/', isComposing: true });
    expect(run).not.toHaveBeenCalled();
  });

  it('end with the component', () => {
    host.unmount();
    press(document.body, { key: '/' });
    expect(run).not.toHaveBeenCalled();
  });
});
