import { Command, InvalidArgumentError } from 'commander';
import { endHelp } from '../help.js';
import type { StartFlags } from '../start/options.js';
import { DURATIONS } from './platform-flags.js';
import { createStartCommand } from './start.js';

/** The flags of `start` that change what is examined, or an answer. Those in an app's `.dynosimrc` apply as well. */
const OF_START: readonly (keyof StartFlags)[] = [
  'dir',
  'app',
  'procfile',
  'env',
  'formation',
  'size',
  'sleepAfter',
  'bootTimeout',
  'shutdownTimeout',
  'requestTimeout',
  'memoryQuota',
  'dynoMetadata',
  'buildpackEnv',
  'cleanEnv',
];

/** The flags of `doctor` itself. */
export interface DoctorFlags extends Pick<StartFlags, 'dir'> {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly quick?: true;
  /** What to ask the app for. */
  readonly path: string;
  /** Whether the release command may run. */
  readonly release?: true;
  readonly json?: true;
  /** Relative to the current folder. */
  readonly junit?: string;
}

export function createDoctorCommand(): Command {
  const command = new Command('doctor')
    .summary('find out whether the app would survive on Heroku')
    .description(
      'Runs a copy of the app, does to it what the platform does, and gives a verdict on each question. ' +
        'Exits with 1 if one fails. In GitHub Actions, findings become annotations.',
    )
    .option('--only <ids>', 'ask only these questions, for example sigterm,sleep', split)
    .option('--skip <ids>', 'ask all but these questions', split)
    .option('--quick', 'ask only what the files answer: nothing is run')
    .option('--path <path>', 'what to ask the app for, for example /health', readPath, '/')
    .option('--release', 'run the release command, too, in the copy of the app')
    .option('--json', 'print one JSON document')
    .option('--junit <file>', 'also write a JUnit XML file, for CI');
  for (const option of createStartCommand().options)
    if (OF_START.some((name) => name === option.attributeName())) command.addOption(option);
  command.action(async (_flags, command: Command) => {
    const { runDoctor } = await import('../doctor/run-doctor.js');
    process.exitCode = await runDoctor(command);
  });
  return endHelp(command, {
    notes: [
      `Each question has a page in docs/doctor. Flags in .dynosimrc apply, if they are among these. ${DURATIONS}`,
    ],
    examples: [
      'dynosim doctor',
      'dynosim doctor --path /health --size basic',
      'dynosim doctor --only sigterm,sleep',
      'dynosim doctor --quick --junit doctor.xml',
    ],
  });
}

function split(ids: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...ids.split(',').map((id) => id.trim())];
}

/** @throws InvalidArgumentError unless it is the path of a URL */
function readPath(text: string): string {
  if (/^\/(?!\/)[!-~]*$/.test(text)) return text;
  throw new InvalidArgumentError('Give the path of a URL, for example /health.');
}
