import type { Command } from 'commander';
import type { FsckProblem } from '../../engine';
import type { CommandLine } from '../command-line';
import { printable, sizeText } from '../text';

/** `lamina fsck`: exit code 1 when a problem remains. */
export function addFsck(program: Command, cli: CommandLine): void {
  program
    .command('fsck')
    .description('hash every blob and check that the store is whole')
    .option('--repair', 'remove leftovers and damaged layer indexes, which are made again when needed')
    .option('--json', 'print JSON')
    .action(async (options: { repair?: true; json?: true }) => {
      await cli.withStore(async (lamina, work) => {
        const report = await lamina.fsck({ ...work, repair: options.repair === true });
        const remaining = report.problems.filter((problem) => !problem.repaired).length;
        if (remaining > 0) cli.exitCode = 1;
        if (options.json) {
          await cli.out.line(JSON.stringify(report, undefined, 2));
          return;
        }
        await cli.out.lines(report.problems.map(lineOf));
        const checked = `Checked ${report.checkedBlobs} blobs, ${sizeText(report.checkedBytes)}`;
        await cli.out.line(`${checked}: ${remaining === 0 ? 'no problem' : count(remaining)}`);
      });
    });
}

function lineOf({ message, hint, repaired }: FsckProblem): string {
  return printable(repaired ? `repaired: ${message}` : `problem: ${message} ${hint}`);
}

function count(problems: number): string {
  return problems === 1 ? '1 problem' : `${problems} problems`;
}
