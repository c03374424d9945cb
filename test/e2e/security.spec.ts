import { expect, test } from '../support/app';

test('the window is isolated and sandboxed, and the page has no Node', async ({ lamina }) => {
  const preferences = await lamina.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
    return { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag: webviewTag === true };
  });
  expect(preferences).toEqual({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
  const globals = await lamina.page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
  );
  expect(globals).toEqual([]);
  expect(await lamina.page.evaluate(() => Object.keys(window.lamina).sort())).toEqual([
    'addDropped',
    'call',
    'importDropped',
    'on',
  ]);
});

test('the page comes with a policy that allows nothing from elsewhere and no eval', async ({ lamina }) => {
  const policy = await lamina.page.evaluate(async () =>
    (await fetch(location.href)).headers.get('content-security-policy'),
  );
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe-eval');
  // In a task of its own: while the debugger evaluates, Chromium lets `eval` through.
  const evalError = await lamina.page.evaluate(
    () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(String(eval('1')));
          } catch (error) {
            resolve((error as Error).name);
          }
        });
      }),
  );
  expect(evalError).toBe('EvalError');
  const remote = await lamina.page.evaluate(() =>
    fetch('https://example.com/').then(
      () => 'loaded',
      () => 'refused',
    ),
  );
  expect(remote).toBe('refused');
});

test('the page cannot navigate away or open windows', async ({ lamina }) => {
  const before = lamina.page.url();
  // Comes after the program's own listener, so it sees what that one decided.
  const decided = await lamina.electron.evaluateHandle(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return {
      prevented: new Promise<boolean>((resolve) => {
        window?.webContents.once('will-navigate', (event) => resolve(event.defaultPrevented));
      }),
    };
  });
  await lamina.page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  expect(await decided.evaluate(({ prevented }) => prevented)).toBe(true);
  expect(await lamina.page.evaluate(() => window.open('https://example.com/'))).toBeNull();
  await lamina.page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'file:///etc/passwd';
    document.body.append(link);
    link.click();
    link.remove();
  });
  expect(lamina.page.url().split('#')[0]).toBe(before.split('#')[0]);
  expect(lamina.electron.windows()).toHaveLength(1);
});

test('no permission is granted but copying text', async ({ lamina }) => {
  const states = await lamina.page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone'] as PermissionName[];
    return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
  });
  expect(states).not.toContain('granted');
});

test('the page is served from its own folder only', async ({ lamina }) => {
  const status = (path: string) => lamina.page.evaluate(async (url) => (await fetch(url)).status, path);
  expect(await status('/index.html')).toBe(200);
  expect(await status('/..%2f..%2fpackage.json')).toBe(404);
  expect(await status('/%2e%2e/%2e%2e/package.json')).toBe(404);
  expect(await status('/nothing.html')).toBe(404);
});

test('a call that is not in the contract, or whose input does not fit, is answered with INVALID_ARGUMENT', async ({
  lamina,
}) => {
  const codes = await lamina.page.evaluate(async () => {
    const bridge = window.lamina as unknown as {
      call: (name: string, input?: unknown) => Promise<{ error?: { code: string } }>;
    };
    const answers = [
      await bridge.call('images.steal'),
      await bridge.call('host.import', { paths: ['/etc/passwd'] }),
      await bridge.call('images.get', { key: '../../etc/passwd' }),
      await bridge.call('images.get', { key: `sha256:${'0'.repeat(64)}`, extra: 1 }),
      await bridge.call('tree.rows', { view: 1, offset: 0, limit: 1_000_000 }),
      await bridge.call('containers.newFile', { id: '0'.repeat(32), parent: '', name: '../x' }),
      await bridge.call('jobs.cancel', null),
    ];
    return answers.map((answer) => answer.error?.code);
  });
  expect(codes).toEqual(codes.map(() => 'INVALID_ARGUMENT'));
});
