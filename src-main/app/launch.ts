/** What a start of the program is asked to open: files to import, or a `lamina:` link to an image. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export const LINK_SCHEME = 'lamina';

export interface Launch {
  readonly paths: readonly string[];
  /** References from `lamina://image/<reference>`. */
  readonly references: readonly string[];
}

/**
 * The part of a command line that is meant for the app: in development, Electron's flags and the app's own folder come
 * before it.
 */
export function appArguments(argv: readonly string[], packaged: boolean): readonly string[] {
  const args = argv.slice(1);
  return packaged ? args : args.slice(args.findIndex((arg) => !arg.startsWith('-')) + 1);
}

/** @param args see `appArguments` */
export function parseLaunch(args: readonly string[], workingDirectory: string): Launch {
  const paths: string[] = [];
  const references: string[] = [];
  for (const arg of args) {
    const reference = referenceInLink(arg);
    if (reference !== undefined) references.push(reference);
    else if (!arg.startsWith('-') && !arg.startsWith(`${LINK_SCHEME}:`)) {
      const path = resolve(workingDirectory, arg);
      if (existsSync(path)) paths.push(path);
    }
  }
  return { paths, references };
}

/** Anybody can make such a link: it only ever shows an image that is in the store. */
export function referenceInLink(text: string): string | undefined {
  const match = /^lamina:\/\/image\/(.{1,512})$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  try {
    return decodeURIComponent(match[1]).replace(/\/$/, '');
  } catch {
    return undefined;
  }
}
