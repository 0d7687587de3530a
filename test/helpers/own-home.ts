import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Each test file has its own home, and sees nothing of what other files, or the user, run or set. */
const home = mkdtempSync(join(tmpdir(), 'dynosim-home-'));
Object.assign(process.env, {
  HOME: home,
  XDG_STATE_HOME: join(home, 'state'),
  XDG_CACHE_HOME: join(home, 'cache'),
  XDG_DATA_HOME: join(home, 'data'),
});
// BASE_URL is Vite's.
for (const name of ['PORT', 'FORCE_COLOR', 'NO_COLOR', 'BASE_URL']) delete process.env[name];
// A browser or a build that a test has ended may still be writing.
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
