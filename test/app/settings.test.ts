import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettingsStore } from '../../src-main/app/settings';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamina-settings-'));
  file = join(folder, 'sub', 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(options: { locale?: string; dark?: boolean; storeOverride?: string } = {}): SettingsStore {
  return new SettingsStore(file, {
    defaultStoreDir: '/default/store',
    storeOverride: options.storeOverride,
    system: () => ({ locale: options.locale ?? 'en-GB', dark: options.dark ?? false }),
  });
}

describe('settings', () => {
  it('start with the system’s language and theme and the usual store', () => {
    expect(open({ locale: 'zh-TW', dark: true }).effective()).toEqual({
      language: 'system',
      theme: 'system',
      author: '',
      storeDir: '/default/store',
      effectiveLanguage: 'zh-CN',
      effectiveTheme: 'dark',
    });
    expect(open({ locale: 'de' }).effective()).toMatchObject({ effectiveLanguage: 'en', effectiveTheme: 'light' });
  });

  it('are kept, and what is left out of a change stays', () => {
    open().change({ language: 'zh-CN', author: 'me' });
    open().change({ theme: 'dark', language: undefined });
    expect(open().effective()).toMatchObject({ effectiveLanguage: 'zh-CN', effectiveTheme: 'dark', author: 'me' });
    expect(readdirSync(join(folder, 'sub'))).toEqual(['settings.json']);
  });

  it.each(['{', '[]', 'null', '"x"', '{"language":"xx","theme":7,"storeDir":"","author":{}}'])(
    'fall back to the defaults where the file holds %s',
    (content) => {
      open().change({});
      writeFileSync(file, content);
      expect(open().effective()).toMatchObject({
        language: 'system',
        theme: 'system',
        storeDir: '/default/store',
        author: '',
      });
    },
  );

  it('keep what is right in a file that is partly wrong', () => {
    open().change({ author: 'me' });
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), theme: 'pink' }));
    expect(open().effective()).toMatchObject({ author: 'me', theme: 'system' });
  });

  it('use a store given for this run without remembering it, until another one is chosen', () => {
    const settings = open({ storeOverride: '/for/this/run' });
    expect(settings.storeDir).toBe('/for/this/run');
    settings.change({ theme: 'dark' });
    expect(open().storeDir).toBe('/default/store');
    expect(settings.chooseStore('/chosen').storeDir).toBe('/chosen');
    expect(open().storeDir).toBe('/chosen');
  });
});
