import { describe, expect, it } from 'vitest';
import { referenceProblem } from '../../../src-renderer/format/reference';

describe('a typed image name', () => {
  it.each([
    'app',
    'app:1.0',
    'team/app',
    'localhost/app:latest',
    'localhost:5000/app',
    'registry.example.com/team/app:v1.0-rc.1',
    'a__b/c-d.e:_x',
    '[::1]:5000/app:1',
  ])('may be %s', (text) => {
    expect(referenceProblem(text)).toBeUndefined();
  });

  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['my app', 'space'],
    ['App', 'upperCase'],
    ['team/App', 'upperCase'],
    ['app:-1', 'tag'],
    ['app:', 'tag'],
    ['app@sha256:00', 'digest'],
    ['app//x', 'name'],
    ['-app', 'name'],
    ['a..b', 'name'],
    ['x'.repeat(256), 'tooLong'],
    [`app:${'t'.repeat(129)}`, 'tag'],
  ])('cannot be %j: %s', (text, problem) => {
    expect(referenceProblem(text)).toBe(problem);
  });
});
