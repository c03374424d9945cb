import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogues } from '../../../src-renderer/locales';

const root = path.resolve(import.meta.dirname, '../../../src-renderer');

function keysOf(value: object, prefix = ''): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'string') keys.set(prefix + name, inner);
    else for (const [key, text] of keysOf(inner as object, `${prefix}${name}.`)) keys.set(key, text);
  }
  return keys;
}

const en = keysOf(catalogues.en);
const zh = keysOf(catalogues['zh-CN']);
const areas = Object.keys(catalogues.en).join('|');

// Calls of the contract look like keys (`images.tag`), so the files that make them are left out.
const sources = fs
  .readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|vue)$/.test(file) && !/^(api|stores)[\\/]/.test(file))
  .map((file) => ({ file, text: fs.readFileSync(path.join(root, file), 'utf8') }));

const literals = new Set<string>();
const prefixes = new Set<string>();
const asked = new Map<string, string>();
for (const { file, text } of sources) {
  for (const [, key] of text.matchAll(new RegExp(`['"\`]((?:${areas})\\.[\\w.]+)['"\`]`, 'g'))) literals.add(key!);
  for (const [, prefix] of text.matchAll(new RegExp(`\`((?:${areas})\\.[\\w.]*)\\$\\{`, 'g'))) prefixes.add(prefix!);
  // The first argument of t(): a key, or a choice between two.
  for (const [, argument] of text.matchAll(/\bt\(\s*([^,()]*)/g)) {
    for (const [, key] of argument!.matchAll(/['"]([\w.-]+)['"]/g)) if (key!.includes('.')) asked.set(key!, file);
  }
}

const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].sort();

describe('the words of the window', () => {
  it('are there in both languages', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it('are never empty', () => {
    expect([...en, ...zh].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('fill in nothing in Chinese that English does not know', () => {
    const wrong = [...zh].filter(([key, text]) =>
      placeholders(text).some((name) => !placeholders(en.get(key) ?? '').includes(name)),
    );
    expect(wrong).toEqual([]);
  });

  it('exist for every key that the window asks for', () => {
    expect([...asked].filter(([key]) => !en.has(key))).toEqual([]);
    expect([...prefixes].filter((prefix) => ![...en.keys()].some((key) => key.startsWith(prefix)))).toEqual([]);
  });

  it('are all used', () => {
    const used = (key: string): boolean => literals.has(key) || [...prefixes].some((prefix) => key.startsWith(prefix));
    expect([...en.keys()].filter((key) => !used(key))).toEqual([]);
  });
});
