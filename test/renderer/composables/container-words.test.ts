import type { TreeRow } from '@contract/views';
import { describe, expect, it } from 'vitest';
import { changeLines, changeProblem, EXAMPLES } from '../../../src-renderer/composables/commit-changes';
import { fileNameProblem } from '../../../src-renderer/composables/file-name';
import { createTypeAhead } from '../../../src-renderer/composables/type-ahead';

describe('instructions of a commit', () => {
  it('are those that Docker takes, whatever their case', () => {
    expect(changeProblem(Object.values(EXAMPLES).join('\n'))).toBeUndefined();
    expect(changeProblem('env A=1')).toBeUndefined();
    expect(changeProblem('\nENV A=1\nRUN true')).toEqual({ line: 3, reason: 'unknown', word: 'RUN' });
    expect(changeProblem('USER ')).toEqual({ line: 1, reason: 'noArgument', word: 'USER' });
  });

  it('are one a line, empty lines left out', () => {
    expect(changeLines('ENV A=1\n\n  CMD ["x"]  \n')).toEqual(['ENV A=1', 'CMD ["x"]']);
  });
});

describe('a typed file name', () => {
  it.each([
    ['a.txt', undefined],
    ['新文件夹', undefined],
    ['', 'empty'],
    ['a/b', 'slash'],
    ['..', 'dots'],
    ['.wh.x', 'whiteout'],
    ['é'.repeat(128), 'tooLong'],
    ['e'.repeat(255), undefined],
  ])('%j: %s', (name, problem) => {
    expect(fileNameProblem(name)).toBe(problem);
  });
});

describe('typing a name in the tree', () => {
  const names = ['bin', 'boot', 'etc', 'Browse', 'boring'];
  let now = 0;
  const typeAhead = (): ReturnType<typeof createTypeAhead> =>
    createTypeAhead(
      {
        load: (index) => Promise.resolve({ name: names[index] } as TreeRow),
        rowCount: () => names.length,
      },
      () => now,
    );

  it('goes to the next name that begins so, round the end, ignoring case', async () => {
    const find = typeAhead();
    expect(await find('b', 0)).toBe(1);
    now += 2_000;
    expect(await find('b', 1)).toBe(3);
    now += 2_000;
    expect(await find('b', 4)).toBe(0);
  });

  it('takes letters in quick succession together', async () => {
    const find = typeAhead();
    now += 2_000;
    expect(await find('b', 2)).toBe(3);
    expect(await find('o', 3)).toBe(4);
    expect(await find('o', 4)).toBe(1);
    expect(await find('x', 1)).toBe(-1);
  });
});
