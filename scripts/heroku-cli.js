// Runs the acceptance suite: the real, unmodified Heroku CLI drives dynosim. Arguments go to vitest.
//   npm run test:heroku
//   DYNOSIM_HEROKU_BIN=…/heroku npm run test:heroku    with a CLI that is there already
// Without it, the CLI is installed from npm into a cache folder: not a dependency, because it has 2,000 packages.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const VERSION = '11.10.0';

const bin = process.env.DYNOSIM_HEROKU_BIN ?? install();
if (bin === undefined) process.exit(0);
const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'heroku', ...process.argv.slice(2)];
const env = { ...process.env, DYNOSIM_HEROKU_BIN: resolve(bin) };
process.exit(spawnSync(process.execPath, args, { env, stdio: 'inherit' }).status ?? 1);

/** The CLI's path, or undefined with a message if it cannot be installed. */
function install() {
  const folder = resolve('.cache', 'heroku-cli', VERSION);
  const path = join('node_modules', '.bin', 'heroku');
  if (!existsSync(join(folder, path))) {
    // Not in place: an existing folder is always complete.
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    try {
      const quiet = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
      const impatient = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
      execFileSync('npm', ['install', '--prefix', draft, ...quiet, ...impatient, `heroku@${VERSION}`], {
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
      });
    } catch (error) {
      const [why = error.message] = /^npm (?:error|ERR!).*$/m.exec(error.stderr ?? '') ?? [];
      console.log(`Skipped the Heroku CLI's suite: heroku@${VERSION} cannot be installed (${why})`);
      rmSync(draft, { recursive: true, force: true });
      return undefined;
    }
    renameSync(draft, folder);
  }
  return join(folder, path);
}
