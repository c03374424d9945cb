/**
 * A store in memory that answers as main does: for a plain browser, for screenshots and for component tests. It is
 * never part of the app. `rows` adds images; `empty` begins with none.
 */
import type { Bridge } from '@contract/bridge';
import type { Answer } from '@contract/views';
import { ApiError } from './api-error';
import { fakeHandlers } from './fake/handlers';
import { FakeStore, type FakeBridgeOptions } from './fake/store';

async function answer<T>(work: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    const { code, message, hint, subject } = thrown;
    return { ok: false, error: { code, message, hint, subject } };
  }
}

/** Options from an address: `?rows=1000&language=zh-CN&theme=dark` or `?empty`. */
export function fakeOptionsFrom(search: string): FakeBridgeOptions {
  const query = new URLSearchParams(search);
  return {
    empty: query.has('empty'),
    rows: Number(query.get('rows') ?? 6),
    settings: {
      language: query.get('language') === 'zh-CN' ? 'zh-CN' : 'en',
      theme: query.get('theme') === 'dark' ? 'dark' : 'light',
    },
  };
}

/** A bridge over a new store in memory. `store` is there for tests that make things happen on main's side. */
export function createFakeBridge(options: FakeBridgeOptions = {}): Bridge & { readonly store: FakeStore } {
  const store = new FakeStore(options);
  const handlers = fakeHandlers(store);
  return {
    store,
    call: (name, input) => answer(() => handlers[name](input)),
    on: (name, listener) => store.on(name, listener),
    importDropped: (files) => answer(() => files.map((file) => store.importOne(file.name))),
    addDropped: (id, parent, files) =>
      answer(() => {
        const container = store.container(id);
        for (const file of files) container.add(parent, file.name, 'file');
        store.touched(container);
        return store.jobs.start({
          kind: 'add',
          subject: container.name,
          parts: files.map((file) => ({ label: file.name, bytes: file.size })),
        });
      }),
  };
}
