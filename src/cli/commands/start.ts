import { Command } from 'commander';
import { formatDuration } from '../../base/duration.js';
import { DEFAULTS } from '../../host/defaults.js';
import { alsoFile } from '../also-file.js';
import type { StartFlags } from '../start/options.js';

/** The flags that were really typed, not their defaults. */
function givenFlags(command: Command): Record<string, unknown> {
  const isTyped = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  return Object.fromEntries(Object.entries(command.opts()).filter(([name]) => isTyped(name)));
}

/** `dynosim start`: the flags only; what they do is loaded when the command runs. */
export function createStartCommand(): Command {
  return new Command('start')
    .summary('run the app of this folder until Ctrl-C')
    .description(
      'Runs every process type of the Procfile with its own $PORT, routes http://localhost:5006 to the web ' +
        'dynos, restarts what crashes, and leaves nothing behind. With types: only those, at 1.',
    )
    .argument('[type...]', 'process types to start; the others are at 0')
    .option('-d, --dir <dir>', "the app's folder", '.')
    .option('-a, --app <name>', "the app's name (default: the folder's)")
    .option('-f, --procfile <file>', "relative to the app's folder", DEFAULTS.procfile)
    .option(
      '-e, --env <files>',
      'env files, separated by commas; later ones win (default: .env if there)',
      alsoFile,
    )
    .option(
      '-p, --port <port>',
      "the router's port; 0 takes any (default: PORT of the env files or the shell, or 5006)",
    )
    .option('--host <address>', 'where the router listens (default: 127.0.0.1 and ::1)')
    .option('-m, --formation <types>', 'for example web=2,worker=1 or all=2; unnamed types stay at 1')
    .option('--size <sizes>', 'for example standard-2x or web=standard-2x,worker=basic (default: eco)')
    .option(
      '--sleep-after <duration>',
      'an app with eco web dynos sleeps after so long without requests',
      formatDuration(DEFAULTS.sleep.afterMs),
    )
    .option(
      '--wake-delay <duration>',
      "what the platform takes for a wake, beside the dyno's own boot",
      formatDuration(DEFAULTS.sleep.wakeDelayMs),
    )
    .option('--no-wake-delay', "a wake takes no longer than the dyno's own boot")
    .option('--quota <duration>', 'eco dyno hours of the month', formatDuration(DEFAULTS.sleep.quotaMs))
    .option(
      '--speed <factor>',
      "platform time's speed: cool-offs pass so much faster",
      String(DEFAULTS.speed),
    )
    .option(
      '--boot-timeout <duration>',
      'a web dyno must listen by then (R10)',
      inSeconds(DEFAULTS.timeouts.boot),
    )
    .option(
      '--shutdown-timeout <duration>',
      'from SIGTERM to SIGKILL (R12)',
      inSeconds(DEFAULTS.timeouts.shutdown),
    )
    .option(
      '--request-timeout <duration>',
      'first byte of a response (H12)',
      inSeconds(DEFAULTS.timeouts.request),
    )
    .option(
      '--idle-window <duration>',
      'longest silence within a response (H15, H28)',
      inSeconds(DEFAULTS.timeouts.idleWindow),
    )
    .option(
      '--queue-timeout <duration>',
      'a request waits so long for a dyno (H20)',
      inSeconds(DEFAULTS.timeouts.queue),
    )
    .option('--strict', "refuse what the sizes' limits forbid, instead of a warning")
    .option('--release-phase', 'run the release process type when a release is made')
    .option('--watch', 'restart the dynos when sources change; web dynos serve until the new ones listen')
    .option('--watch-only <glob>', 'watch these files only, as in .gitignore (repeatable)', collect)
    .option('--no-dyno-keepalive', 'a connection per request to the dyno, as the legacy router')
    .option('--dyno-metadata', 'give dynos HEROKU_APP_NAME and the like')
    .option('--clean-env', "give dynos nothing of the shell's environment but PATH, HOME, LANG, TERM, TMPDIR")
    .option('--log-format <format>', 'pretty, heroku or json (default: pretty on a terminal, else heroku)')
    .option('--exit-on-crash', 'stop everything when a dyno crashes, and exit with its status')
    .addHelpText(
      'after',
      '\nDurations are written 500ms, 30s, 5m or 1h30m; 0 is at once, never is no limit.\n' +
        "Flags can also be kept in a file .dynosimrc in the app's folder, one per line.\n\nExamples:\n" +
        '  $ dynosim start\n' +
        '  $ dynosim start web --port 3000\n' +
        '  $ dynosim start -m web=2,worker=1 --exit-on-crash',
    )
    .action(async (types: string[], _flags, command: Command) => {
      // First, as it is another process that gets ready while this one loads the rest.
      const { startOwnContainment } = await import('../start/own-containment.js');
      const containment = startOwnContainment();
      const { runStart } = await import('../start/run-start.js');
      const flags = { all: command.opts<StartFlags>(), given: givenFlags(command) };
      process.exitCode = await runStart(types, flags, containment);
    });
}

/** As Heroku's pages write timeouts: `75s`. */
function inSeconds(ms: number): string {
  return `${ms / 1000}s`;
}

/** For a flag that may be given several times. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
