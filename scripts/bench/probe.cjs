/**
 * Loaded into the measured process before its program (`node --require`). Watches the thread that orchestrates the
 * work and, at exit, writes what it saw as JSON to the file in LAMINA_BENCH_PROBE. The watch starts when the program
 * has been loaded: reading its own code is not part of the work. Where Linux tells how long the thread was ready and
 * had to wait for a core that others used, that time is taken off: it says something of the machine, not of the program.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const TICK_MS = 5;

/** Milliseconds that this process's main thread has waited for a core so far (second field, nanoseconds). */
function waitedForCore() {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

if (isMainThread) {
  let longest = 0;
  setImmediate(() => {
    let last = performance.now();
    let lastWaited = waitedForCore();
    setInterval(() => {
      const [now, waited] = [performance.now(), waitedForCore()];
      longest = Math.max(longest, now - last - TICK_MS - (waited - lastWaited));
      last = now;
      lastWaited = waited;
    }, TICK_MS).unref();
  });
  process.on('exit', () => {
    // Of the whole process, all of its threads.
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const seen = { longestBlockMs: longest, peakBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
    writeFileSync(process.env['LAMINA_BENCH_PROBE'], JSON.stringify(seen));
  });
}
