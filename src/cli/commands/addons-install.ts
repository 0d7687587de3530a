import type { Command } from 'commander';
import { systemWall } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { examples, plainCommand } from '../app-command.js';
import { action } from '../output.js';

export function createAddonsInstallCommand(): Command {
  const command = plainCommand(
    'addons:install',
    'download the programs of a service in advance, for a time without a network',
  )
    .argument('<service>', 'heroku-postgresql: the only one whose programs are fetched')
    .argument('[options...]', 'options of the service, after --: -- --version=16')
    .action(async (service: string, words: readonly string[]) => {
      if (service !== 'heroku-postgresql')
        throw new UserError(
          'NOTHING_TO_INSTALL',
          `dynosim fetches no programs for ${service}`,
          'It does for heroku-postgresql. See docs/addons.md for the others.',
        );
      const [{ readServiceOptions }, { fetchBinaries, thisMachine }, { wantedMajor }, { cacheFolder }] =
        await Promise.all([
          import('../addons/service-options.js'),
          import('../../addons/postgres/binaries.js'),
          import('../../addons/postgres/options.js'),
          import('../../api/client/state-folder.js'),
        ]);
      const major = wantedMajor(readServiceOptions(words));
      const world = thisMachine(process.env, cacheFolder(process.env), systemWall());
      await action(
        'Installing PostgreSQL',
        () => fetchBinaries(major, world),
        ({ version, bin }) => `${version} in ${bin}`,
      );
    });
  return examples(
    command,
    'addons:install heroku-postgresql',
    'addons:install heroku-postgresql -- --version=16',
  );
}
