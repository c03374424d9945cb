import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameFromFile, nameOfAnnotations, namesOfRepoTags } from '../../../src-main/engine/archive/names';
import { parseReference } from '../../../src-main/engine/image/reference';

describe('a name made of a file’s name', () => {
  it.each([
    ['/tmp/My Image (1).tar.gz', 'my-image-1'],
    ['python-app.docker-archive.tar', 'python-app'],
    ['rootfs.tgz', 'rootfs'],
    ['naïve café.tar', 'naive-cafe'],
    ['ubuntu-24.04_minimal.tar', 'ubuntu-24.04_minimal'],
    ['a..b___c-_.d.tar', 'a.b__c-d'],
    ['Füße.tar', 'fu-e'],
    ['图像.tar', 'imported'],
    ['.tar', 'imported'],
  ])('%s is %s', (path, name) => {
    expect(nameFromFile(path)).toBe(name);
  });

  it('is always a valid name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(parseReference(`${nameFromFile(`/x/${text.replaceAll('/', '')}`)}:1`).tag).toBe('1');
      }),
    );
  });
});

describe('names in archives', () => {
  it('leave out what is no name in RepoTags', () => {
    expect(namesOfRepoTags(['<none>:<none>', 'a:1'], 'f')).toEqual([
      { reference: 'docker.io/library/a:1', derived: false },
    ]);
  });

  it('take the full name before the tag, and text that is neither as no name', () => {
    const nameOf = (refName: string, full?: string): unknown =>
      nameOfAnnotations(
        {
          'org.opencontainers.image.ref.name': refName,
          ...(full === undefined ? {} : { 'io.containerd.image.name': full }),
        },
        'app.tar',
      );
    expect(nameOf('1', 'ghcr.io/a/b:2')).toEqual({ reference: 'ghcr.io/a/b:2', derived: false });
    expect(nameOf('1')).toEqual({ reference: 'docker.io/library/app:1', derived: true });
    expect(nameOf('localhost/a:1')).toEqual({ reference: 'localhost/a:1', derived: false });
    expect(nameOf('no name, just text')).toBeUndefined();
    expect(nameOfAnnotations(undefined, 'app.tar')).toBeUndefined();
  });
});
