/** The commands put together. Global options may stand before or after the command. */
import { Command } from 'commander';
import { version } from '../../package.json';
import type { CommandLine } from './command-line';
import { addCat } from './commands/cat';
import { addCommit } from './commands/commit';
import { addContainer } from './commands/container';
import { addExport } from './commands/export';
import { addFsck } from './commands/fsck';
import { addGc } from './commands/gc';
import { addHistory } from './commands/history';
import { addImages } from './commands/images';
import { addImport } from './commands/import';
import { addInspect } from './commands/inspect';
import { addLs } from './commands/ls';
import { addRmi } from './commands/rmi';
import { addSample } from './commands/sample';
import { addTag } from './commands/tag';
import { addVersions } from './commands/versions';

const ALL = [
  ...[addImport, addImages, addInspect, addHistory, addLs, addCat, addVersions, addExport, addTag, addRmi],
  ...[addContainer, addCommit, addSample, addGc, addFsck],
];

export function buildProgram(commandLine: CommandLine): Command {
  const program = new Command('lamina')
    .description('Look into container images, change them and commit them, without a daemon.')
    .version(version)
    .option('--store <dir>', 'folder of the store (default: $LAMINA_STORE, else one in your data folder)')
    .showHelpAfterError('(“lamina help” lists the commands)')
    .exitOverride()
    .hook('preAction', () => {
      commandLine.storeOption = program.opts<{ store?: string }>().store;
    });
  for (const add of ALL) add(program, commandLine);
  return program;
}
