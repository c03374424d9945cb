/** The `--change` instructions of a commit: one Dockerfile line each (Docker's list, semantics 2.3, rule 21). */

export const COMMIT_INSTRUCTIONS = [
  'CMD',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'HEALTHCHECK',
  'LABEL',
  'ONBUILD',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
] as const;

export type CommitInstruction = (typeof COMMIT_INSTRUCTIONS)[number];

/** A line to begin with, for the menu beside the field. */
export const EXAMPLES: Readonly<Record<CommitInstruction, string>> = {
  CMD: 'CMD ["nginx", "-g", "daemon off;"]',
  ENTRYPOINT: 'ENTRYPOINT ["/docker-entrypoint.sh"]',
  ENV: 'ENV LANG=C.UTF-8',
  EXPOSE: 'EXPOSE 8080/tcp',
  HEALTHCHECK: 'HEALTHCHECK CMD curl -f http://localhost/ || exit 1',
  LABEL: 'LABEL org.opencontainers.image.version=1.0',
  ONBUILD: 'ONBUILD COPY . /app',
  STOPSIGNAL: 'STOPSIGNAL SIGTERM',
  USER: 'USER 1000:1000',
  VOLUME: 'VOLUME /data',
  WORKDIR: 'WORKDIR /app',
};

export interface ChangeProblem {
  /** From 1. */
  readonly line: number;
  readonly reason: 'unknown' | 'noArgument';
  readonly word: string;
}

/** The instructions of a text, without empty lines. */
export function changeLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The first line that Docker would not take, as far as its first word tells; main checks the rest. */
export function changeProblem(text: string): ChangeProblem | undefined {
  for (const [at, line] of text.split('\n').entries()) {
    const [word = '', argument] = line.trim().split(/\s+/, 2);
    if (word === '') continue;
    const known = COMMIT_INSTRUCTIONS.some((instruction) => instruction === word.toUpperCase());
    if (!known) return { line: at + 1, reason: 'unknown', word };
    if (argument === undefined) return { line: at + 1, reason: 'noArgument', word };
  }
  return undefined;
}
