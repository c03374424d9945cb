import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../../../src-main/engine/container/commit/change-instructions';
import type { LaminaError } from '../../../../src-main/engine/errors';
import type { RunConfig } from '../../../../src-main/engine/image/types';

const BASE: RunConfig = {
  Env: ['PATH=/bin', 'HOME=/root', 'EMPTY='],
  Cmd: ['old'],
  Entrypoint: ['/init'],
  WorkingDir: '/srv',
  Labels: { a: '1' },
  ExposedPorts: { '80/tcp': {} },
  Volumes: { '/data': {} },
};

function change(...changes: string[]): RunConfig {
  return applyChanges(BASE, changes, { os: 'linux' });
}

const FINE: readonly [changes: string[], expected: Partial<RunConfig>][] = [
  [['CMD ["a", "b c"]'], { Cmd: ['a', 'b c'] }],
  [['cmd echo $HOME'], { Cmd: ['/bin/sh', '-c', 'echo $HOME'] }],
  [["CMD ['a']"], { Cmd: ['/bin/sh', '-c', "['a']"] }],
  [['CMD ["a", 1]'], { Cmd: ['/bin/sh', '-c', '["a", 1]'] }],
  [['CMD []'], { Cmd: [] }],
  [['ENTRYPOINT ["/e"]'], { Entrypoint: ['/e'], Cmd: undefined }],
  [['ENTRYPOINT ["/e"]', 'CMD ["c"]'], { Entrypoint: ['/e'], Cmd: ['c'] }],
  [['CMD ["c"]', 'ENTRYPOINT /e x'], { Entrypoint: ['/bin/sh', '-c', '/e x'], Cmd: ['c'] }],
  [['ENTRYPOINT []'], { Entrypoint: [], Cmd: ['old'] }],
  [['ENV A=1'], { Env: ['PATH=/bin', 'HOME=/root', 'EMPTY=', 'A=1'] }],
  [
    ['ENV PATH=/x:$PATH B="two words" C=it\\ is D=\'$no\''],
    {
      Env: ['PATH=/x:/bin', 'HOME=/root', 'EMPTY=', 'B=two words', 'C=it is', 'D=$no'],
    },
  ],
  [['ENV A all of "this"'], { Env: ['PATH=/bin', 'HOME=/root', 'EMPTY=', 'A=all of this'] }],
  [['ENV HOME=/h B=$HOME'], { Env: ['PATH=/bin', 'HOME=/h', 'EMPTY=', 'B=/root'] }],
  [
    ['ENV A=${HOME} B=${NO:-d} C=${NO-e} D=${HOME:+f} E=${EMPTY:-g} F=${EMPTY-h} G=${NO}'],
    {
      Env: ['PATH=/bin', 'HOME=/root', 'EMPTY=', 'A=/root', 'B=d', 'C=e', 'D=f', 'E=g', 'F=', 'G='],
    },
  ],
  [['ENV A="\\"q\\" \\$HOME \\x"'], { Env: ['PATH=/bin', 'HOME=/root', 'EMPTY=', 'A="q" $HOME \\x'] }],
  [['ENV A=', 'ENV B=$'], { Env: ['PATH=/bin', 'HOME=/root', 'EMPTY=', 'A=', 'B=$'] }],
  [['LABEL b=2 "c d"="e f"', 'LABEL a=3'], { Labels: { a: '3', b: '2', 'c d': 'e f' } }],
  [
    ['EXPOSE 81 53/UDP 90-92/tcp'],
    {
      ExposedPorts: { '80/tcp': {}, '81/tcp': {}, '53/udp': {}, '90/tcp': {}, '91/tcp': {}, '92/tcp': {} },
    },
  ],
  [['VOLUME /a /b'], { Volumes: { '/data': {}, '/a': {}, '/b': {} } }],
  [['VOLUME ["/with blank"]'], { Volumes: { '/data': {}, '/with blank': {} } }],
  [['USER app:1000'], { User: 'app:1000' }],
  [['WORKDIR app/../x/'], { WorkingDir: '/srv/x' }],
  [['WORKDIR /a', 'WORKDIR b', 'WORKDIR $HOME/c'], { WorkingDir: '/root/c' }],
  [['STOPSIGNAL SIGUSR1'], { StopSignal: 'SIGUSR1' }],
  [['STOPSIGNAL 9'], { StopSignal: '9' }],
  [['ONBUILD RUN  x'], { OnBuild: ['RUN  x'] }],
  [['HEALTHCHECK NONE'], { Healthcheck: { Test: ['NONE'] } }],
  [
    ['HEALTHCHECK --interval=1m30s --timeout=1.5s --retries=3 CMD curl -f x'],
    {
      Healthcheck: { Test: ['CMD-SHELL', 'curl -f x'], Interval: 90e9, Timeout: 1.5e9, Retries: 3 },
    },
  ],
  [['HEALTHCHECK --start-period=0 CMD ["a","b"]'], { Healthcheck: { Test: ['CMD', 'a', 'b'], StartPeriod: 0 } }],
];

const WRONG: readonly [change: string, why: RegExp][] = [
  ['RUN x', /“RUN” cannot be changed/],
  ['FROM x', /“FROM”/],
  ['COPY a b', /“COPY”/],
  ['SHELL ["/x"]', /“SHELL”/],
  ['MAINTAINER me', /“MAINTAINER”/],
  ['', /empty/],
  ['CMD', /at least one argument/],
  ['ENV A', /two arguments/],
  ['ENV A=1 B', /“B” has no “=”/],
  ['ENV =1', /name is empty/],
  ['ENV A="x', /double quote/],
  ["LABEL a='x", /single quote/],
  ['ENV A=${HOME', /“}” is missing/],
  ['ENV A=${HOME:-x', /“}” is missing/],
  ['ENV A=${}', /name/],
  ['ENV A=${HOME:!x}', /not a modifier/],
  ['ENV A=${NO:?must}', /NO: must/],
  ['EXPOSE x', /not a port/],
  ['EXPOSE 70000', /not a port/],
  ['EXPOSE 9-8', /ends before/],
  ['EXPOSE 80/icmp', /not tcp, udp or sctp/],
  ['VOLUME [""]', /needs a path/],
  ['USER ""', /empty/],
  ['STOPSIGNAL SIGNO', /not a signal/],
  ['ONBUILD ONBUILD RUN x', /chained/],
  ['ONBUILD FROM x', /not allowed/],
  ['HEALTHCHECK x', /neither CMD nor NONE/],
  ['HEALTHCHECK CMD', /command is missing/],
  ['HEALTHCHECK NONE x', /takes no arguments/],
  ['HEALTHCHECK --interval=5 CMD x', /not a duration/],
  ['HEALTHCHECK --interval=1ns CMD x', /shorter/],
  ['HEALTHCHECK --retries=-1 CMD x', /not a number/],
  ['HEALTHCHECK --no=1 CMD x', /not an option/],
  ['CMD a\nENV b=c', /more than one line/],
];

describe('changes to the config', () => {
  it.each(FINE)('%j', (changes, expected) => {
    expect(change(...changes)).toEqual({ ...BASE, ...expected });
  });

  it.each(WRONG)('%j is refused and says why', (text, why) => {
    let thrown: LaminaError | undefined;
    try {
      change('ENV FINE=1', text);
    } catch (error) {
      thrown = error as LaminaError;
    }
    expect(thrown).toMatchObject({ code: 'INVALID_CHANGE', subject: text });
    expect(thrown?.message).toMatch(why);
  });

  it('the shell form uses the image’s own shell', () => {
    expect(applyChanges({ Shell: ['/x', '-e'] }, ['CMD y'], { os: 'linux' }).Cmd).toEqual(['/x', '-e', 'y']);
    expect(applyChanges({}, ['CMD y'], { os: 'windows' }).Cmd).toEqual(['cmd', '/S', '/C', 'y']);
  });

  it('names that objects have by themselves are names like any other', () => {
    const changed = change('LABEL __proto__=x constructor=y', 'VOLUME __proto__');
    expect(Object.entries(changed.Labels ?? {})).toEqual([
      ['a', '1'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.keys(changed.Volumes ?? {})).toEqual(['/data', '__proto__']);
  });

  it('leaves the config it was given as it was', () => {
    const before = JSON.stringify(BASE);
    change('ENV PATH=1', 'LABEL a=9', 'VOLUME /x', 'EXPOSE 1', 'CMD x');
    expect(JSON.stringify(BASE)).toBe(before);
  });
});
