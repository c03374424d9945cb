import { describe, expect, it } from 'vitest';
import { cleanCommand, oneLine, withoutPreamble } from '../../../src-renderer/format/command';

function shown(createdBy: string): string {
  return oneLine(cleanCommand(createdBy));
}

describe('the command of a layer', () => {
  it.each([
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    [
      '/bin/sh -c #(nop) ADD file:4ea01be0c4a85dbbd27d7d4d7aa1bd0cbcfc8bd3d0bcb1bd3b4e2cfea6f34d1e in / ',
      'ADD file:4ea01be0c4a8 in /',
    ],
    ['/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['RUN /bin/sh -c apt-get update # buildkit', 'RUN apt-get update'],
    ['|1 VERSION=3 /bin/sh -c make', 'RUN make'],
    ['RUN |2 A=1 B=2 /bin/sh -c make all # buildkit', 'RUN make all'],
    ['/bin/bash -o pipefail -c set -e', 'RUN set -e'],
    ['COPY . /app # buildkit', 'COPY . /app'],
    ['ENTRYPOINT ["/docker-entrypoint.sh"]', 'ENTRYPOINT ["/docker-entrypoint.sh"]'],
    ['debuerreotype 0.15', 'debuerreotype 0.15'],
    ['', ''],
  ])('%j reads as %j', (createdBy, expected) => {
    expect(shown(createdBy)).toBe(expected);
  });

  it('is put on one line where there is little room, but keeps its lines otherwise', () => {
    const command = cleanCommand('/bin/sh -c apt-get update \\\n    && apt-get upgrade');
    expect(command.text).toContain('\n');
    expect(oneLine(command)).toBe('RUN apt-get update && apt-get upgrade');
  });

  it('is about what comes after the settings of its shell', () => {
    const brief = (line: string): string => withoutPreamble(cleanCommand(`/bin/sh -c ${line}`));
    expect(brief('set -eux; export A=b; apt-get update')).toBe('apt-get update');
    expect(brief('export DEBIAN_FRONTEND=noninteractive && apt-get upgrade')).toBe('apt-get upgrade');
    expect(brief('set -e')).toBe('set -e');
    expect(brief('setup --all; run')).toBe('setup --all; run');
  });

  it('leaves alone what only looks like build arguments', () => {
    expect(shown('|pipe to nowhere')).toBe('|pipe to nowhere');
  });
});
