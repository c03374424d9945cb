/** Runs the parts of a check one after another, counts what passed and failed, and closes with the line CI reads. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** Runs a program with inherited output; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', shell: process.platform === 'win32', ...options });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}

/** A run of named steps. A step answers `{ passed, failed }`; a step that throws counts as one failure. */
export class Steps {
  passed = 0;
  failed = 0;
  #failures = [];

  async step(title, work) {
    const started = Date.now();
    console.log(`\n== ${title}`);
    let result;
    try {
      result = await work();
    } catch (error) {
      console.error(error instanceof Error ? error.stack : String(error));
      result = { passed: 0, failed: 1 };
    }
    this.passed += result.passed;
    this.failed += result.failed;
    if (result.failed > 0) this.#failures.push(title);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`-- ${title}: ${result.passed} passed, ${result.failed} failed (${seconds} s)`);
  }

  /** One program as one check: exit code 0 is a pass. */
  check(title, command, args, options) {
    return this.step(title, async () => {
      const code = await run(command, args, options);
      return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    });
  }

  /** Prints the closing line and sets the exit code. */
  finish() {
    if (this.#failures.length > 0) console.log(`\nFailed: ${this.#failures.join(', ')}`);
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed > 0 || this.passed === 0 ? 1 : 0;
  }
}

/** Path of a tool that npm installed, run by this very Node (no shell, so it works the same on Windows). */
export function tool(path, ...args) {
  return [process.execPath, [join('node_modules', path), ...args]];
}

/** Runs vitest for some projects and counts single tests; a run in which no test ran is a failure. */
export async function vitest(projects, extra = [], env = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'lamina-vitest-'));
  const report = join(folder, 'report.json');
  const [node, args] = tool('vitest/vitest.mjs', 'run', ...projects.flatMap((name) => ['--project', name]));
  const output = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const code = await run(node, [...args, ...output, ...extra], { env: { ...process.env, ...env } });
    const { numPassedTests, numFailedTests } = JSON.parse(await readFile(report, 'utf8'));
    const broken = code !== 0 && numFailedTests === 0 ? 1 : 0;
    return { passed: numPassedTests, failed: numFailedTests + broken + (numPassedTests === 0 ? 1 : 0) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
