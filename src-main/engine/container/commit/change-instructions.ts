/**
 * `--change`: one Dockerfile instruction applied to an image's config, as `docker commit --change` does it (semantics
 * 2.3 rules 19, 21; buildkit instructions/parse.go, moby builder/dockerfile/dispatchers.go).
 */
import { LaminaError } from '../../errors';
import type { RunConfig } from '../../image/types';
import { parseHealthcheck } from './healthcheck';
import { jsonArray } from './json-array';
import { parsePorts } from './ports';
import { resolveWord, splitWords, type Variables } from './shell-words';
import { isSignal } from './signals';

export interface ChangeContext {
  /** The image's operating system: Windows has another default shell. */
  readonly os: string;
}

/** What one instruction sees and does. */
interface Instruction {
  /** What follows the keyword, trimmed. */
  readonly rest: string;
  readonly config: RunConfig;
  readonly shell: readonly string[];
  /** CMD was among the changes before this one. */
  readonly commandIsNew: boolean;
}

type Handler = (instruction: Instruction) => RunConfig;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['CMD', ({ rest, config, shell }) => ({ ...config, Cmd: commandOf(rest, shell) })],
  ['ENTRYPOINT', changeEntrypoint],
  ['ENV', ({ rest, config }) => ({ ...config, Env: withPairs(config.Env ?? [], pairsOf(rest, config)) })],
  ['EXPOSE', changePorts],
  ['HEALTHCHECK', ({ rest, config }) => ({ ...config, Healthcheck: parseHealthcheck(rest) })],
  ['LABEL', ({ rest, config }) => ({ ...config, Labels: record(config.Labels, pairsOf(rest, config)) })],
  ['ONBUILD', changeOnBuild],
  ['STOPSIGNAL', changeStopSignal],
  ['USER', ({ rest, config }) => ({ ...config, User: oneValue(rest, config) })],
  ['VOLUME', changeVolumes],
  ['WORKDIR', changeWorkingDirectory],
]);

const ALLOWED = [...HANDLERS.keys()].join(', ');

/**
 * Applies instructions in order.
 * @throws LaminaError INVALID_CHANGE naming the instruction and what is wrong in it
 */
export function applyChanges(config: RunConfig, changes: readonly string[], { os }: ChangeContext): RunConfig {
  let changed = config;
  let commandIsNew = false;
  const defaultShell = os === 'windows' ? ['cmd', '/S', '/C'] : ['/bin/sh', '-c'];
  for (const change of changes) {
    const { keyword, rest } = split(change);
    const handler = HANDLERS.get(keyword);
    if (handler === undefined) throw invalid(change, `“${keyword}” cannot be changed`);
    const shell = (changed.Shell ?? []).length === 0 ? defaultShell : (changed.Shell ?? defaultShell);
    try {
      changed = handler({ rest, config: changed, shell, commandIsNew });
    } catch (error) {
      throw invalid(change, error instanceof Error ? error.message : String(error));
    }
    commandIsNew ||= keyword === 'CMD';
  }
  return changed;
}

function split(change: string): { keyword: string; rest: string } {
  if (/[\r\n\0]/.test(change.trim())) throw invalid(change, 'it is more than one line');
  const [, keyword = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(change) ?? [];
  if (keyword === '') throw invalid(change, 'it is empty');
  if (rest.trim() === '') throw invalid(change, `${keyword.toUpperCase()} needs at least one argument`);
  return { keyword: keyword.toUpperCase(), rest: rest.trim() };
}

function invalid(change: string, why: string): LaminaError {
  return new LaminaError('INVALID_CHANGE', `The change “${change.slice(0, 500)}” cannot be applied: ${why}.`, {
    subject: change,
    hint: `A change is one Dockerfile instruction: ${ALLOWED}.`,
  });
}

function commandOf(rest: string, shell: readonly string[]): readonly string[] {
  return jsonArray(rest) ?? [...shell, rest];
}

/** A new entry point does not get the old one's arguments, unless CMD is among the changes too. */
function changeEntrypoint({ rest, config, shell, commandIsNew }: Instruction): RunConfig {
  const entrypoint = commandOf(rest, shell);
  const keepsCommand = commandIsNew || entrypoint.length === 0;
  return { ...config, Entrypoint: entrypoint, Cmd: keepsCommand ? config.Cmd : undefined };
}

function changePorts({ rest, config }: Instruction): RunConfig {
  const variables = variablesOf(config);
  const ports = splitWords(rest).flatMap((word) => resolveWord(word, variables).split(/\s+/).filter(Boolean));
  return { ...config, ExposedPorts: record(config.ExposedPorts, ports.flatMap(parsePorts).map(emptyValue)) };
}

function changeVolumes({ rest, config }: Instruction): RunConfig {
  const variables = variablesOf(config);
  const paths = (jsonArray(rest) ?? rest.split(/\s+/)).map((word) => resolveWord(word, variables).trim());
  if (paths.includes('')) throw new Error('a volume needs a path');
  return { ...config, Volumes: record(config.Volumes, paths.map(emptyValue)) };
}

function changeWorkingDirectory({ rest, config }: Instruction): RunConfig {
  const typed = oneValue(rest, config);
  const before = config.WorkingDir ?? '';
  const absolute = typed.startsWith('/') ? typed : `${before}/${typed}`;
  const components: string[] = [];
  for (const component of absolute.split('/')) {
    if (component === '..') components.pop();
    else if (component !== '' && component !== '.') components.push(component);
  }
  return { ...config, WorkingDir: `/${components.join('/')}` };
}

function changeOnBuild({ rest, config }: Instruction): RunConfig {
  const keyword = (/^\S+/.exec(rest)?.[0] ?? '').toUpperCase();
  if (keyword === 'ONBUILD') throw new Error('ONBUILD cannot be chained');
  if (keyword === 'FROM' || keyword === 'MAINTAINER') throw new Error(`${keyword} is not allowed after ONBUILD`);
  return { ...config, OnBuild: [...(config.OnBuild ?? []), rest] };
}

function changeStopSignal({ rest, config }: Instruction): RunConfig {
  const signal = oneValue(rest, config);
  if (!isSignal(signal)) throw new Error(`“${signal}” is not a signal`);
  return { ...config, StopSignal: signal };
}

/** The whole rest of the line as one value, quotes and variables resolved. */
function oneValue(rest: string, config: RunConfig): string {
  const value = resolveWord(rest, variablesOf(config));
  if (value === '') throw new Error('its value is empty');
  return value;
}

type Pair = readonly [name: string, value: string];

/** `name=value …`, or the old form `name value with blanks`. Values from before this instruction are the ones seen. */
function pairsOf(rest: string, config: RunConfig): Pair[] {
  const variables = variablesOf(config);
  const words = splitWords(rest);
  if (words[0]?.includes('=') !== true) {
    const [, name, value] = /^(\S+)\s+(.*)$/s.exec(rest) ?? [];
    if (name === undefined || value === undefined) throw new Error('it must have two arguments, a name and a value');
    return [namedPair(resolveWord(name, variables), resolveWord(value, variables))];
  }
  return words.map((word) => {
    const equals = word.indexOf('=');
    if (equals < 0) throw new Error(`“${word}” has no “=”; the form is name=value`);
    return namedPair(resolveWord(word.slice(0, equals), variables), resolveWord(word.slice(equals + 1), variables));
  });
}

function namedPair(name: string, value: string): Pair {
  if (name === '') throw new Error('a name is empty');
  return [name, value];
}

function variablesOf(config: RunConfig): Variables {
  const variables = new Map<string, string>();
  for (const entry of config.Env ?? []) {
    const equals = entry.indexOf('=');
    if (equals > 0 && !variables.has(entry.slice(0, equals))) {
      variables.set(entry.slice(0, equals), entry.slice(equals + 1));
    }
  }
  return variables;
}

/** Sets variables in place, so that their order stays. */
function withPairs(env: readonly string[], pairs: readonly Pair[]): string[] {
  const changed = [...env];
  for (const [name, value] of pairs) {
    const at = changed.findIndex((entry) => entry === name || entry.startsWith(`${name}=`));
    if (at < 0) changed.push(`${name}=${value}`);
    else changed[at] = `${name}=${value}`;
  }
  return changed;
}

function emptyValue(name: string): [string, Record<string, never>] {
  return [name, {}];
}

/** Adds entries without ever running a setter: a name like `__proto__` is a name. */
function record<T>(before: Readonly<Record<string, T>> | null | undefined, added: readonly (readonly [string, T])[]) {
  return Object.fromEntries<T>([...Object.entries(before ?? {}), ...added]);
}
