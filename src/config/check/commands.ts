/** Finds mistakes in commands without running them. */

import { printable, quote } from '../../base/wording.js';
import { openContinuation } from '../../procfile/compare/blocks.js';
import { readLine, type SourceLine } from '../../procfile/lines.js';
import { type Problem, ProblemList, warning } from '../../procfile/problem.js';
import { type CommandPlace, type CommandProblem, type SurveyedPlace, surveyPlace } from './place.js';
import { findWhatIsMissing } from './presence.js';

/** Bash takes milliseconds for each command, and no app has this many process types. */
const MOST_COMMANDS = 100;

/**
 * Warnings about the commands of a Procfile.
 * @param lines one for each process type
 */
export function findCommandProblems(
  lines: Iterable<SourceLine>,
  file: string,
  place: CommandPlace,
): readonly Problem[] {
  const problems = new ProblemList(file);
  const app = surveyPlace(place);
  for (const line of [...lines].slice(0, MOST_COMMANDS)) {
    const reading = readLine(line.text);
    // A command that was meant to continue on the next line has its own warning.
    if (reading.does !== 'run' || openContinuation(line, reading)) continue;
    const { type, command } = reading;
    const column = line.text.indexOf(command, line.text.indexOf(':') + 1) + 1;
    for (const { at, message, hint, topic } of check(type, command, app))
      problems.warn(line.number, column + at, message, hint, topic);
  }
  return problems.list();
}

/** Warnings about `npm start`, which runs in an app without a Procfile. */
export function findStartProblems(place: CommandPlace): readonly Problem[] {
  const found = check('web', 'npm start', surveyPlace(place));
  return found.map(({ message, hint, topic }) => ({
    ...warning('package.json', message, hint),
    ...(topic && { topic }),
  }));
}

function check(type: string, command: string, app: SurveyedPlace): readonly CommandProblem[] {
  const error = app.bash.syntaxError(command);
  if (error !== undefined) {
    const message = `Bash cannot read this command: ${printable(error)}.`;
    return [{ at: 0, message, hint: 'Correct it: as it is, none of it runs.' }];
  }
  const found = [
    checkBackground(command),
    type === 'web' ? checkPort(command) : undefined,
    findWhatIsMissing(command, app),
  ];
  return found.filter((problem) => problem !== undefined);
}

/** Skips an `&` that is escaped or may be in a comment, and lines with several commands. */
function checkBackground(command: string): CommandProblem | undefined {
  if (!/[^\\&]&$/.test(command) || /[#;]/.test(command)) return undefined;
  const message = 'Bash does not wait for a command that ends in `&`: the dyno exits at once.';
  return { at: command.length - 1, message, hint: 'Remove the `&`.' };
}

/** Only a single command, because another one on the line might listen instead: `PORT=3000 node server.js`. */
const FIXED_PORT = /^((?:env[ \t]+)?(?:[A-Za-z_]\w*=[\w./:,-]*[ \t]+)*?)(PORT=[\w./:,-]*)[ \t]+[^&|;]*$/;

/** Skips commands that also use `$PORT`. */
function checkPort(command: string): CommandProblem | undefined {
  const [, before = '', assignment] = FIXED_PORT.exec(command) ?? [];
  if (assignment === undefined || /\$\{?PORT/.test(command)) return undefined;
  const message = `${quote(assignment)} overrides the port that the dyno is given, the only one that gets requests.`;
  return { at: before.length, message, hint: 'Remove it, and let the app listen on $PORT.' };
}
