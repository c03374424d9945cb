import { defineConfig } from '@playwright/test';

/** Real Electron. Started by `npm run e2e`, which finds the runtime and gives it a display. */
export default defineConfig({
  testDir: 'test/e2e',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  outputDir: 'test-results',
  reporter: [['list']],
});
