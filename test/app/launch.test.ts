import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appArguments, parseLaunch, referenceInLink } from '../../src-main/app/launch';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamina-launch-'));
  writeFileSync(join(folder, 'a.tar'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the command line of the window', () => {
  it('names files to import, relative to where it was typed', () => {
    const args = ['--inspect=0', 'a.tar', join(folder, 'a.tar'), 'missing.tar'];
    expect(parseLaunch(args, folder)).toEqual({
      paths: [join(folder, 'a.tar'), join(folder, 'a.tar')],
      references: [],
    });
  });

  it('begins after the app’s own folder in development, and at once in a package', () => {
    expect(appArguments(['electron', '--inspect=0', '--no-sandbox', '/app', 'a.tar'], false)).toEqual(['a.tar']);
    expect(appArguments(['electron', '/app'], false)).toEqual([]);
    expect(appArguments(['lamina', 'a.tar'], true)).toEqual(['a.tar']);
  });

  it('names images by links', () => {
    expect(parseLaunch(['lamina://image/python-app:1.0', 'lamina://elsewhere/x'], folder)).toEqual({
      paths: [],
      references: ['python-app:1.0'],
    });
  });
});

describe('a link', () => {
  it.each([
    ['lamina://image/a%2Fb:1', 'a/b:1'],
    ['lamina://image/registry.example/a:1/', 'registry.example/a:1'],
    ['lamina://image/', undefined],
    ['lamina://image/%zz', undefined],
    ['lamina://remove/a', undefined],
    ['https://image/a', undefined],
    [`lamina://image/${'a'.repeat(600)}`, undefined],
  ])('%s names %s', (link, reference) => {
    expect(referenceInLink(link)).toBe(reference);
  });
});
