import type { Command } from 'commander';
import { systemWall } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { sortedVars } from '../config-command.js';
import { describeRelease, formatReleases } from '../format/releases.js';
import { shellQuote } from '../format/shell-quote.js';
import { formatPairs } from '../format/table.js';
import { appName, columns, heading, paint, print, printJson, printLines } from '../output.js';

interface ReleasesFlags extends JsonFlags {
  readonly num: string;
}

interface InfoFlags extends JsonFlags {
  readonly shell?: true;
}

/** `dynosim releases` */
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
      const app = await connectTo(flags);
      const releases = await app.releases(Number(flags.num));
      if (flags.json) return printJson(releases);
      const current = releases.find((release) => release.current);
      print(heading(`${appName(app)} Releases${current ? ` - Current: v${current.version}` : ''}`));
      printLines(['', ...formatReleases(releases, systemWall(), columns(), paint)]);
    });
  return examples(command, 'releases', 'releases -n 50', "releases --json | jq '.[0].version'");
}

/** `dynosim releases:info` */
export function createReleasesInfoCommand(): Command {
  const command = appCommandWithJson('releases:info', 'show a release and its config vars')
    .argument('[release]', 'v4 (default: the newest)')
    .option('-s, --shell', 'the config vars as KEY=value, for a shell to read')
    .action(async (wanted: string | undefined, flags: InfoFlags) => {
      const app = await connectTo(flags);
      const [release] = wanted === undefined ? await app.releases(1) : [await app.release(wanted)];
      if (!release) throw new UserError('NO_RELEASE', `${appName(app)} has no releases`);
      if (flags.json) return printJson(release);
      const vars = sortedVars(await app.releaseConfigVars(String(release.version)));
      printLines([heading(`Release v${release.version}`), '', ...describeRelease(release), '']);
      printLines([heading(`v${release.version} Config vars`), '']);
      if (flags.shell) printLines(vars.map(([key, value]) => `${key}=${shellQuote(value)}`));
      else printLines(formatPairs(vars));
    });
  return examples(command, 'releases:info', 'releases:info v4');
}
