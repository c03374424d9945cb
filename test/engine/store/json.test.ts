import { describe, expect, it } from 'vitest';
import { parseJson, parseJsonObject } from '../../../src-main/engine/store/json';

const source = { subject: 'manifest.json', limitBytes: 1_000_000 };
const parse = (text: string): unknown => parseJson(Buffer.from(text), source);

describe('JSON from outside', () => {
  it('has no prototype to pollute', () => {
    const parsed = parseJsonObject(Buffer.from('{"__proto__":{"polluted":1},"a":{"constructor":2}}'), source);
    expect(Object.keys(parsed)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(parsed)).toBeNull();
    expect(Object.getPrototypeOf(parsed['a'])).toBeNull();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('nests at most 64 levels', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(parse(nested(64))).toBeDefined();
    expect(() => parse(nested(65))).toThrow('nests deeper than 64 levels');
    expect(() => parse('['.repeat(900_000))).toThrow('nests deeper');
  });

  it('is not fooled by brackets in strings', () => {
    expect(parse(JSON.stringify({ text: `\\"${'['.repeat(100)}` }))).toBeDefined();
  });

  it('is refused when larger than the limit', () => {
    expect(() => parseJson(Buffer.alloc(11, 0x20), { subject: 'x', limitBytes: 10 })).toThrow('at most 10 are read');
  });

  it.each(['{} trailing', '\ufeff{}', '{"a":1,}', ''])('“%s” is refused, as by Docker', (text) => {
    expect(() => parse(text)).toThrow('manifest.json is not valid JSON');
  });

  it.each(['[]', 'null', '"text"', '1'])('%s is no object', (text) => {
    expect(() => parseJsonObject(Buffer.from(text), source)).toThrow('is not a JSON object');
  });
});
