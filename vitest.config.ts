import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Slow machines exist: a test waits for an event, and these only bound a hang. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 30_000 } } };

export default defineConfig({
  test: {
    // Most tests wait for other processes: with one file for each processor, processors would be idle.
    maxWorkers: availableParallelism() + 1,
    globalSetup: 'test/helpers/leftovers.ts',
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...patience } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...patience } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          setupFiles: ['test/helpers/own-home.ts'],
          ...patience,
        },
      },
      {
        // Not part of `npm test`, as it needs a browser: `npm run test:browser`.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          setupFiles: ['test/helpers/own-home.ts'],
          ...patience,
          expect: { poll: { timeout: 60_000 } },
          // A page has as long for each step as a test for all of them elsewhere.
          testTimeout: 180_000,
        },
      },
      {
        // Not part of `npm test`, as it starts container engines: `npm run test:engine`, one file after the other.
        test: {
          name: 'engine',
          include: ['test/engine/**/*.test.ts'],
          globalSetup: 'test/engine/setup.ts',
          setupFiles: ['test/helpers/own-home.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // Not part of `npm test`: `npm run test:heroku` brings the CLI that it needs.
        test: {
          name: 'heroku',
          include: ['test/heroku/**/*.test.ts'],
          setupFiles: ['test/helpers/own-home.ts', 'test/heroku/setup.ts'],
          ...patience,
          // Each command of the CLI takes a second of the machine's time.
          testTimeout: 300_000,
        },
      },
    ],
  },
});
