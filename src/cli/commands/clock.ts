import type { Command } from 'commander';
import { formatDuration } from '../../base/duration.js';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { readAdvance } from '../flags.js';
import { describeClock, describeDynoChanges } from '../format/clock.js';
import { action, note, printJson, printLines, say } from '../output.js';

export function createClockCommand(): Command {
  const command = appCommandWithJson('clock', 'show platform time, or move it forward')
    .description(
      'Shows how fast platform time runs, and how far ahead it is. Platform time governs how long dynos wait: ' +
        'sleep, cool-off after a crash, dyno hours. Boots, shutdowns and requests are timed in real time.',
    )
    .action(async (flags: JsonFlags) => {
      const { host } = await connectTo(flags);
      const clock = await host.clock();
      if (flags.json) printJson(clock);
      else say(describeClock(clock));
    });
  return examples(command, 'clock', 'clock:advance 31m');
}

export function createClockAdvanceCommand(): Command {
  const command = appCommandWithJson('clock:advance', 'move platform time forward')
    .description(
      'Moves platform time forward. Everything that falls due happens in order, and the command returns when no ' +
        'dyno is starting or stopping.',
    )
    .argument('<duration>', '31m, 1h30m, 20s')
    .action(async (text: string, flags: JsonFlags) => {
      const ms = readAdvance(text);
      const { app, host } = await connectTo(flags);
      const before = await app.dynos();
      const clock = await action(`Moving platform time forward by ${formatDuration(ms)}`, () =>
        host.advanceClock(ms),
      );
      if (flags.json) return printJson(clock);
      printLines(describeDynoChanges(before, await app.dynos()));
      note(describeClock(clock));
    });
  return examples(command, 'clock:advance 31m && dynosim ps');
}
