/** The command that made a layer, as people wrote it: without the wrappers that Docker's builders put around it. */

export interface Command {
  /** `RUN`, `COPY`, …; undefined when the text is not an instruction. */
  readonly instruction: string | undefined;
  readonly text: string;
}

const INSTRUCTION =
  /^(FROM|RUN|CMD|LABEL|MAINTAINER|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|STOPSIGNAL|HEALTHCHECK|SHELL)\s+/;
const SHELL = /^(?:\/bin\/(?:ba)?sh(?: -[a-z]+(?: pipefail)?)* -c|cmd \/S \/C|powershell -Command) /;
const BUILD_ARGUMENTS = /^\|\d+ (?:[A-Za-z_]\w*=\S* )*/;
const LONG_HASH = /\b((?:file|dir|multi|sha256):[0-9a-f]{12})[0-9a-f]{20,}/g;

/** Cleans a `created_by` line: `#(nop)` and `# buildkit` go, `/bin/sh -c x` is `RUN x`, content hashes are cut short. */
export function cleanCommand(createdBy: string): Command {
  const raw = createdBy.trim().replace(/\s*# buildkit$/, '');
  const nop = /^\/bin\/sh -c #\(nop\)\s*/.exec(raw);
  if (nop !== null) return asInstruction(raw.slice(nop[0].length), false);
  return asInstruction(
    raw.replace(BUILD_ARGUMENTS, (prefix) => (SHELL.test(raw.slice(prefix.length)) ? '' : prefix)),
    true,
  );
}

function asInstruction(line: string, mayBeShell: boolean): Command {
  const text = line.replace(LONG_HASH, '$1');
  const named = INSTRUCTION.exec(text);
  if (named !== null) {
    const rest = text.slice(named[0].length);
    return { instruction: named[1], text: named[1] === 'RUN' ? withoutShell(rest) : rest.trim() };
  }
  if (mayBeShell && SHELL.test(text)) return { instruction: 'RUN', text: withoutShell(text) };
  return { instruction: undefined, text };
}

function withoutShell(line: string): string {
  return line.replace(BUILD_ARGUMENTS, '').replace(SHELL, '').trim();
}

const PREAMBLE = /^(?:(?:set -\w+(?: -o \w+)?|export \w+=\S*?)\s*(?:;|&&)[\s\\]*)+/;

/** What the command is about: without the `set -eux;` and `export …;` that shell scripts begin with. */
export function withoutPreamble(command: Command): string {
  const rest = command.text.replace(PREAMBLE, '');
  return rest === '' ? command.text : rest;
}

/** On one line, for places that show only a few words: white space and line continuations become one space. */
export function oneLine(command: Command): string {
  return `${command.instruction ?? ''} ${command.text}`.replace(/(?:\s|\\\s)+/g, ' ').trim();
}
