import type { Command } from 'commander';
import { systemWall } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { sortedVars } from '../config-command.js';
import { findRelease, newestFirst } from '../find-release.js';
import { describeRelease, formatReleases } from '../format/releases.js';
import { shellQuote } from '../format/shell-quote.js';
import { formatPairs } from '../format/table.js';
import { appName, heading, layout, print, printJson, printLines } from '../output.js';

interface ReleasesFlags extends JsonFlags {
  readonly num: string;
}

interface InfoFlags extends JsonFlags {
  readonly shell?: true;
}

export function createReleasesCommand(): Command {
  const command = appCommandWithJson('releases', 'list the releases, the newest first')
    .option('-n, --num <number>', 'how many', '15')
    .action(async (flags: ReleasesFlags) => {
      if (!/^[1-9]\d*$/.test(flags.num))
        throw new UserError(
          'BAD_NUMBER',
          `"${flags.num}" is not a number of releases`,
          'Write for example -n 20.',
        );
      const { app, runtime } = await connectTo(flags);
      const releases = (await newestFirst(app)).slice(0, Number(flags.num));
      if (flags.json) {
        const { serializeRelease } = await import('../../api/heroku/releases.js');
        const view = await app.info();
        return printJson(releases.map((release) => serializeRelease(view, release, runtime.api)));
      }
      const current = releases.find(({ isCurrent }) => isCurrent);
      print(heading(`${appName(app)} Releases${current ? ` - Current: v${current.version}` : ''}`));
      printLines(['', ...formatReleases(releases, { ...layout(), now: systemWall() })]);
    });
  return examples(command, 'releases', 'releases -n 50', "releases --json | jq '.[0].version'");
}

export function createReleasesInfoCommand(): Command {
  const command = appCommandWithJson('releases:info', 'show a release and its config vars')
    .argument('[release]', 'v4 (default: the newest)')
    .option('-s, --shell', 'the config vars as KEY=value, for a shell to read')
    .action(async (wanted: string | undefined, flags: InfoFlags) => {
      const { app, runtime } = await connectTo(flags);
      const [release] = wanted === undefined ? await newestFirst(app) : [await findRelease(app, wanted)];
      if (!release) throw new UserError('NO_RELEASE', `${appName(app)} has no releases`);
      if (flags.json) {
        const { serializeRelease } = await import('../../api/heroku/releases.js');
        return printJson(serializeRelease(await app.info(), release, runtime.api));
      }
      const { valuesOf } = await import('../config-store.js');
      const vars = sortedVars(valuesOf(await app.configVars(release.version)));
      printLines([heading(`Release v${release.version}`), '', ...describeRelease(release), '']);
      printLines([heading(`v${release.version} Config vars`), '']);
      if (flags.shell) printLines(vars.map(([key, value]) => `${key}=${shellQuote(value)}`));
      else printLines(formatPairs(vars));
    });
  return examples(command, 'releases:info', 'releases:info v4');
}
