import { describe, expect, it } from 'vitest';
import { parseImageConfig } from '../../../src-main/engine/image/config';
import type { ImageConfig } from '../../../src-main/engine/image/types';

const DIFF_ID = `sha256:${'1'.repeat(64)}`;
const whole = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [DIFF_ID] } };

const parse = (fields: object): ImageConfig =>
  parseImageConfig(Buffer.from(JSON.stringify({ ...whole, ...fields })), 'it');
const parseText = (text: string): ImageConfig => parseImageConfig(Buffer.from(text), 'it');

describe('an image config', () => {
  it('keeps fields that nobody here knows', () => {
    const config = parse({ 'moby.buildkit.buildinfo.v1': 'x', 'os.features': ['a'], config: { Odd: { a: 1 } } });
    expect(config).toMatchObject({
      'moby.buildkit.buildinfo.v1': 'x',
      'os.features': ['a'],
      config: { Odd: { a: 1 } },
    });
  });

  it('is read with Docker’s leniency', () => {
    expect(parse({ config: null }).config).toBeNull();
    expect(parse({ os: undefined }).os).toBe('linux');
    expect(parse({ rootfs: { type: 'layers', diff_ids: null } }).rootfs.diff_ids).toEqual([]);
    expect(parse({ history: null }).history).toBeUndefined();
    expect(parse({ config: { Cmd: '/bin/sh', Env: null } }).config).toMatchObject({ Cmd: ['/bin/sh'], Env: null });
  });

  it('is what Docker would run when keys differ in case: the last one counts', () => {
    const text = `{"rootfs":{"diff_ids":[]},"config":{"Cmd":["good"],"CMD":["evil"]}}`;
    expect(parseText(text).config?.Cmd).toEqual(['evil']);
    expect(parseText('{"ROOTFS":{"DIFF_IDS":[]},"Config":{"cmd":["x"]}}').config?.Cmd).toEqual(['x']);
    expect(parseText('{"rootfs":{},"config":{"Cmd":["a"]},"Config":{"User":"b"}}').config).toMatchObject({
      Cmd: ['a'],
      User: 'b',
    });
  });

  it('may have labels with any name', () => {
    const text = `{"rootfs":{"diff_ids":[]},"config":{"Labels":{"__proto__":"p","constructor":"c"}}}`;
    const labels = parseText(text).config?.Labels ?? {};
    expect(Object.entries(labels)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
  });

  it.each(['2024-05-01T10:00:00Z', '2024-05-01T10:00:00.123456789+02:00', '0001-01-01T00:00:00Z'])(
    'may be created at %s',
    (created) => {
      expect(parse({ created }).created).toBe(created);
    },
  );

  it.each([
    ['no rootfs', { rootfs: undefined }, 'it has no “rootfs”'],
    ['another rootfs type', { rootfs: { type: 'windows', diff_ids: [] } }, 'is “windows”'],
    ['a DiffID with a path in it', { rootfs: { diff_ids: ['sha256:../../x'] } }, 'is not a sha256 digest'],
    ['DiffIDs that are no list', { rootfs: { diff_ids: {} } }, 'is not a list'],
    ['a time that is none', { created: 'yesterday' }, 'which is not a time'],
    ['a month that is none', { created: '2024-13-01T00:00:00Z' }, 'which is not a time'],
    ['Env that is text', { config: { Env: 'A=b' } }, '“Env” is not a list of texts'],
    ['Cmd with numbers', { config: { Cmd: [1] } }, '“Cmd” is not a list of texts'],
    ['labels that are a list', { config: { Labels: ['a'] } }, '“Labels” does not have the form'],
    ['ports that are texts', { config: { ExposedPorts: { '80/tcp': 'x' } } }, '“ExposedPorts” does not have'],
    ['a user that is a number', { config: { User: 5 } }, '“User” is not text'],
    ['history that is text', { history: 'x' }, '“history” is not a list'],
    ['an entry of history that is text', { history: ['x'] }, 'is not an object'],
    ['empty_layer that is text', { history: [{ empty_layer: 'yes' }] }, 'is not true or false'],
    ['more history than layers', { history: [{}, {}] }, 'has 2 entries with a layer, but it has 1 layers'],
  ])('%s is refused, by name', (_, fields, why) => {
    expect(() => parse(fields)).toThrow(why);
    expect(() => parse(fields)).toThrow('The image config it is not valid');
  });

  it('may have less history than layers', () => {
    expect(parse({ history: [{ empty_layer: true, created_by: 'x' }] }).history).toHaveLength(1);
  });
});
