import { shellWord } from '../../base/shell-word.js';
import { quote } from '../../base/wording.js';
import { type AppFolder, type Proposal, propose } from './proposal.js';

/**
 * What a Dockerfile runs. Its port becomes Heroku's.
 * https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
 */
export function proposeFromDockerfile(app: AppFolder): Proposal | undefined {
  const instructions = lastStage(app.text('Dockerfile'));
  const last = (name: string): string | undefined =>
    instructions.findLast((line) => line.name === name)?.value;
  const cmd = last('CMD');
  if (cmd === undefined || cmd === '') return undefined;
  const entrypoint = execForm(last('ENTRYPOINT') ?? '') ?? [];
  const words = execForm(cmd);
  // A line of a Procfile is one line.
  if (words?.some((word) => /[\r\n]/.test(word))) return undefined;
  const literal = words ? commandOf([...entrypoint, ...words]) : cmd;
  const [port] = /\d+/.exec(last('EXPOSE') ?? '') ?? [];
  const command = port === undefined ? literal : withPort(literal, port);
  const isFixed = !/\$\{?PORT\b/.test(command);
  return propose(
    [{ type: 'web', command, why: `the Dockerfile has CMD ${quote(cmd)}` }],
    isFixed ? 'The app must listen on the port in $PORT.' : undefined,
    'Heroku does not read the Dockerfile of an app with a Procfile: a buildpack must install what the command needs.',
  );
}

interface Instruction {
  readonly name: string;
  readonly value: string;
}

function lastStage(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile
    .replace(/^[ \t]*#.*\n?/gm, '')
    .replace(/\\[ \t]*\r?\n/g, ' ')
    .split(/\r?\n/);
  const instructions = lines.flatMap((line) => {
    const [, name = '', value = ''] = /^\s*([a-z]+)\s+(.*?)\s*$/i.exec(line) ?? [];
    return name === '' ? [] : [{ name: name.toUpperCase(), value: value.replace(/\s+/g, ' ') }];
  });
  return instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM') + 1);
}

/** The words of `["node", "server.js"]`; undefined for anything else, which is for a shell. */
function execForm(value: string): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(value);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    return undefined;
  }
}

/** `["sh", "-c", "…"]` is a line for a shell, and a dyno has one. */
function commandOf(words: readonly string[]): string {
  const [shell = '', flag, line, ...others] = words;
  const isForShell = /^(?:\/bin\/)?(?:ba)?sh$/.test(shell) && flag === '-c' && others.length === 0;
  return isForShell && line !== undefined ? line : words.map(shellWord).join(' ');
}

/** Puts $PORT in the place of the port in `--port 8000`, `-p=8000`, `0.0.0.0:8000` and `PORT=8000`. */
function withPort(command: string, port: string): string {
  return command.replace(new RegExp(`(?<=[\\s=:])${port}(?=$|[\\s/])`, 'g'), '$$PORT');
}
