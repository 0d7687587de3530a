import { stripVTControlCharacters } from 'node:util';
import type { Cancel, Clock } from '../../base/clock.js';
import type { LiveRun } from '../live-run.js';
import type { RunObserver } from '../run-plan.js';

/** The ends of output by which consoles and debuggers ask for a line. */
const PROMPTS: readonly RegExp[] = [
  // Python and IPython: https://docs.python.org/3/library/pdb.html
  /^(?:>>>|\.\.\.|\(+(?:Pdb|pdb)(?:\+\+)?\)+|ipdb>|In \[\d+\]:) $/,
  // Ruby: irb, pry, byebug and debug.rb (https://github.com/ruby/debug)
  /^(?:irb\(.*\)(?::\d+)*[>*]|\[\d+\] [\w-]+\(.*\)[>*]|\((?:byebug|rdbg|ruby)[^)]*\)) $/,
];

/** Asks a terminal where its cursor is. Programs that edit lines, such as irb, wait for the answer. */
const CURSOR_QUERY = '\x1b[6n';

/** How long a program must be silent after its prompt. If a script gives the input, the silence is shorter. Real time. */
const SILENT_MS = 2000;

/** Remarks once in the log of each run that it waits at a prompt while no client is attached. */
export function watchPrompts(clock: Clock): RunObserver {
  return (run) => (run.plan.hasClient ? () => {} : watch(run, clock));
}

function watch(run: LiveRun, clock: Clock): Cancel {
  let disarm: Cancel = () => {};
  const subscription = run.io.output.subscribe({
    onData(data) {
      disarm();
      if (data.at(-1) !== LINE_FEED) disarm = clock.after(SILENT_MS, onSilence);
    },
    onEnd: () => disarm(),
  });
  const stop = (): void => {
    disarm();
    subscription.leave();
  };
  const onSilence = (): void => {
    if (run.io.hasGuests || !isPrompt(run.lastWords.unfinishedLine)) return;
    stop();
    run.log.say('dynosim', `waits for input at a prompt. To give it: dynosim ps:attach ${run.plan.name}`);
  };
  return stop;
}

const LINE_FEED = 0x0a;

/** Whether a program that has printed this since its last line end waits for a line. */
export function isPrompt(line: Buffer): boolean {
  const text = line.toString();
  const shown = stripVTControlCharacters(text).replace(/^.*\r/, '');
  return text.endsWith(CURSOR_QUERY) || PROMPTS.some((prompt) => prompt.test(shown));
}
