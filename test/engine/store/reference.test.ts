import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { familiarOf, parseReference, tryReference } from '../../../src-main/engine/store/reference';

const DIGEST = `sha256:${'a1'.repeat(32)}`;

describe('references', () => {
  it.each([
    ['alpine', 'docker.io/library/alpine:latest', 'alpine:latest'],
    ['alpine:3.11', 'docker.io/library/alpine:3.11', 'alpine:3.11'],
    ['library/alpine', 'docker.io/library/alpine:latest', 'alpine:latest'],
    ['docker.io/alpine', 'docker.io/library/alpine:latest', 'alpine:latest'],
    ['index.docker.io/library/alpine:1', 'docker.io/library/alpine:1', 'alpine:1'],
    ['corpus/python:app', 'docker.io/corpus/python:app', 'corpus/python:app'],
    ['library/a/b', 'docker.io/library/a/b:latest', 'library/a/b:latest'],
    ['ghcr.io/org/app', 'ghcr.io/org/app:latest', 'ghcr.io/org/app:latest'],
    ['localhost/app:1', 'localhost/app:1', 'localhost/app:1'],
    ['localhost:5000/app', 'localhost:5000/app:latest', 'localhost:5000/app:latest'],
    ['host:5000/a/b:t', 'host:5000/a/b:t', 'host:5000/a/b:t'],
    ['[::1]:5000/app:t', '[::1]:5000/app:t', '[::1]:5000/app:t'],
    ['Host/app', 'Host/app:latest', 'Host/app:latest'],
    ['a__b/c-d.e--f', 'docker.io/a__b/c-d.e--f:latest', 'a__b/c-d.e--f:latest'],
    [`alpine@${DIGEST}`, `docker.io/library/alpine@${DIGEST}`, `alpine@${DIGEST}`],
    [`alpine:3@${DIGEST}`, `docker.io/library/alpine:3@${DIGEST}`, `alpine:3@${DIGEST}`],
  ])('%s is %s', (text, full, familiar) => {
    expect(parseReference(text)).toMatchObject({ full, familiar });
    expect(familiarOf(full)).toBe(familiar);
  });

  it.each([
    ['', 'it is empty'],
    ['Foo:bar', 'must be lowercase'],
    ['a:tag with space', 'the tag may have'],
    ['a:-x', 'the tag may have'],
    [`a:${'t'.repeat(129)}`, 'the tag may have'],
    ['a//b', '“” is not a name'],
    ['-a', '“-a” is not a name'],
    ['a_-b', 'is not a name'],
    ['a___b', 'is not a name'],
    ['a@sha256:12', 'after “@” comes'],
    ['a@sha512:'.concat('0'.repeat(128)), 'after “@” comes'],
    ['ho st.x/a', 'is not a registry host'],
    ['f'.repeat(64), 'would be taken for an image ID'],
    ['a'.repeat(300), 'more than 255'],
    ['../a', 'is not a registry host'],
  ])('“%s” is refused: %s', (text, why) => {
    expect(() => parseReference(text)).toThrow(why);
    expect(tryReference(text)).toBeUndefined();
  });

  it('the full and the short form lead to the same reference, always', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9._:/@-]{1,40}$/), (text) => {
        const reference = tryReference(text);
        if (reference === undefined) return;
        expect(parseReference(reference.full)).toEqual(reference);
        expect(parseReference(reference.familiar)).toEqual(reference);
      }),
      { numRuns: 2_000 },
    );
  });
});
