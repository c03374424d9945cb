// `npm start`: sets up what is missing, builds when needed and opens the window. Without a display it does the same
// job, on the sample image, in the terminal.
import process from 'node:process';
import { findElectron } from './electron-runtime.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { hasDisplay } from './lib/display.mjs';
import { run } from './lib/steps.mjs';
import { runTerminalTour } from './lib/terminal-tour.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

const HOW_TO_SEE_THE_WINDOW =
  'There is no display, so this was the command line. For the window, run it on a desktop, set DISPLAY or\n' +
  'WAYLAND_DISPLAY, or use a virtual display: xvfb-run -a npm start';

async function openWindow(args) {
  await ensureSystemLibraries({ display: false });
  const { executable } = await findElectron({ log: (line) => console.log(line) });
  // Chromium refuses to sandbox for root; nobody should be root at a desktop.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return run(executable, [...flags, '.', ...args], { shell: false });
}

try {
  await ensureBuilt();
  if (hasDisplay()) {
    process.exitCode = await openWindow(process.argv.slice(2));
  } else {
    await runTerminalTour();
    console.log(`\n${HOW_TO_SEE_THE_WINDOW}`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
