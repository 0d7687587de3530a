import type { Command } from 'commander';
import type { AppControl } from '../../api/control.js';
import type { ReleaseView } from '../../apps/views.js';
import { UserError } from '../../base/errors.js';
import { appCommand, connectTo, examples } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { findRelease, newestFirst } from '../find-release.js';
import { followRelease } from '../follow-release.js';
import { action, appName, note } from '../output.js';

/** How many releases Heroku's CLI considers. */
const LOOK_BACK = 10;

export function createRollbackCommand(): Command {
  const command = appCommand('rollback', 'run an earlier release again', 'releases:rollback')
    .description(
      'Makes a new release with the process types and config vars of an earlier one. It changes what runs, writes ' +
        'no file, and shows how the release then differs from the files.',
    )
    .argument('[release]', 'v4 (default: the one before the current)')
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { app } = await connectTo(flags);
      const target = wanted === undefined ? await previous(app) : await findRelease(app, wanted);
      const before = (await newestFirst(app)).find(({ isCurrent }) => isCurrent);
      const change = await action(
        `Rolling back ${appName(app)} to v${target.version}`,
        () => app.rollback(target.version),
        ({ release }) => `v${release.version}`,
      );
      await followRelease(app, change);
      note(
        target.slug === undefined
          ? "Rollback affects process types and config vars in what runs; it doesn't change any file."
          : 'Rollback affects code and config vars.',
      );
      for (const warning of change.warnings) note(`Warning: ${warning}`);
      if (before) note(`To undo, run: dynosim rollback v${before.version}`);
    });
  return examples(command, 'rollback', 'rollback v4');
}

export function createReleasesRetryCommand(): Command {
  const command = appCommand('releases:retry', 'run the release command of the newest release again')
    .description(
      'Makes a new release of the code of the newest one, for example after its release command has failed, and ' +
        'shows what the command prints.',
    )
    .action(async (flags: AppFlags) => {
      const { app } = await connectTo(flags);
      const [newest] = await newestFirst(app);
      if (newest?.slug === undefined)
        throw new UserError('NO_SUCH_SLUG', `Nothing has been deployed to ${appName(app)}`);
      const { slug, version, description } = newest;
      const retry = await action(
        `Retrying v${version} on ${appName(app)}`,
        () => app.release({ slug, description: `Retry of v${version}: ${description}` }),
        ({ release }) => `v${release.version}`,
      );
      await followRelease(app, retry);
    });
  return examples(command, 'releases:retry');
}

/** The second newest release that can be rolled back to, as in Heroku's CLI: the newest one runs. */
async function previous(app: AppControl): Promise<ReleaseView> {
  const newest = (await newestFirst(app)).slice(0, LOOK_BACK);
  const [, target] = newest.filter(({ canRunAgain }) => canRunAgain);
  if (target) return target;
  throw new UserError(
    'CANNOT_ROLL_BACK',
    `No eligible release found for ${appName(app)} to roll back to`,
    'See them all: dynosim releases',
  );
}
