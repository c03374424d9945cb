/**
 * Loaded into the measured process before its program (`node --require`). Watches the thread that orchestrates the
 * work and, at exit, writes what it saw as JSON to the file in LAMINA_BENCH_PROBE. The watch starts when the program
 * has been loaded: reading its own code is not part of the work.
 */
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const TICK_MS = 5;

if (isMainThread) {
  let longest = 0;
  setImmediate(() => {
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last - TICK_MS);
      last = now;
    }, TICK_MS).unref();
  });
  process.on('exit', () => {
    // Of the whole process, all of its threads.
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const seen = { longestBlockMs: longest, peakBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
    writeFileSync(process.env['LAMINA_BENCH_PROBE'], JSON.stringify(seen));
  });
}
