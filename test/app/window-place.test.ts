import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPlace, writePlace } from '../../src-main/app/window-place';

const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 };
const BOUNDS = { x: 100, y: 50, width: 1000, height: 700 };
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamina-place-'));
  file = join(folder, 'window.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the place of the window', () => {
  it('is where it was', () => {
    writePlace(file, { bounds: BOUNDS, maximized: true });
    expect(readPlace(file, [SCREEN])).toEqual({ bounds: BOUNDS, maximized: true });
  });

  it.each([
    ['is on a screen that is gone', { ...BOUNDS, x: 3000 }],
    ['shows too little to grab', { ...BOUNDS, x: 1900 }],
    ['has its title bar above the screen', { ...BOUNDS, y: -200 }],
    ['has its title bar below the screen', { ...BOUNDS, y: 1070 }],
  ])('is left to the system when it %s', (_why, bounds) => {
    writePlace(file, { bounds, maximized: false });
    expect(readPlace(file, [SCREEN]).bounds).toBeUndefined();
  });

  it('is found on any of several screens', () => {
    writePlace(file, { bounds: { ...BOUNDS, x: -1500 }, maximized: false });
    expect(readPlace(file, [SCREEN, { ...SCREEN, x: -1920 }]).bounds).toMatchObject({ x: -1500 });
  });

  it.each([
    '',
    '{}',
    '{"bounds":{"x":"a"},"maximized":true}',
    '{"bounds":{"x":0,"y":0,"width":1,"height":1},"maximized":false}',
  ])('is left to the system when the file holds %s', (content) => {
    writeFileSync(file, content);
    expect(readPlace(file, [SCREEN])).toEqual({ bounds: undefined, maximized: false });
  });
});
