import type { Command, Option } from 'commander';
import { type Clock, systemClock } from '../../base/clock.js';
import { FLAG_VALUES, POSITIONALS, valuesOf } from './values.js';

/** Nobody waits longer for a completion. */
const PATIENCE_MS = 1000;

/**
 * Completes the last word of a command line. Any error just means no candidates.
 * @param words without the `dynosim` in front; the last one may be empty
 */
export async function complete(
  program: Command,
  words: readonly string[],
  clock: Clock = systemClock,
): Promise<readonly string[]> {
  const current = words.at(-1) ?? '';
  const tooLate = new Promise<readonly string[]>((resolve) => {
    clock.after(PATIENCE_MS, () => resolve([]));
  });
  const candidates = await Promise.race([findCandidates(program, words).catch(() => []), tooLate]);
  return candidates.filter((candidate) => candidate.startsWith(current));
}

async function findCandidates(program: Command, words: readonly string[]): Promise<readonly string[]> {
  const [name = '', ...rest] = words;
  if (rest.length === 0) return name.startsWith('-') ? flagNames(program) : commandNames(program, name);
  const command = program.commands.find((each) => [each.name(), ...each.aliases()].includes(name));
  if (!command) return name === 'help' ? commandNames(program, rest.at(-1) ?? '') : [];
  const current = rest.at(-1) ?? '';
  const flags = appFlags(command, rest);
  const valuesOfFlag = async (word: string): Promise<readonly string[] | undefined> => {
    const option = optionNamed(command, word);
    if (!option?.required) return undefined;
    return option.argChoices ?? valuesOf(FLAG_VALUES[option.name()] ?? [], flags);
  };
  const separate = await valuesOfFlag(rest.at(-2) ?? '');
  if (separate) return separate;
  const [, flag = ''] = /^(--[^=]+)=/.exec(current) ?? [];
  const attached = await valuesOfFlag(flag);
  if (attached) return attached.map((value) => `${flag}=${value}`);
  if (current.startsWith('-')) return flagNames(command);
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  return [...choices, ...(await valuesOf(POSITIONALS[command.name()] ?? [], flags))];
}

/** Aliases are offered only once part of a name is typed. */
function commandNames(program: Command, typed: string): readonly string[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .flatMap((command) => [command.name(), ...(typed === '' ? [] : command.aliases())]);
}

function flagNames(command: Command): readonly string[] {
  const visible = command.createHelp().visibleOptions(command);
  return visible.flatMap(({ short, long }) => [long, short].filter((flag) => flag !== undefined));
}

function optionNamed(command: Command, word: string): Option | undefined {
  return command.options.find(({ short, long }) => word === short || word === long);
}

/** Which app the words so far are about. */
function appFlags(command: Command, words: readonly string[]): Parameters<typeof valuesOf>[1] {
  const given = (name: string): string | undefined => {
    const option = command.options.find((each) => each.name() === name);
    const at = words.findLastIndex((word) => word === option?.short || word === option?.long);
    // The last word is not finished.
    return option && at !== -1 && at < words.length - 2 ? words[at + 1] : undefined;
  };
  const [app, remote] = [given('app'), given('remote')];
  return {
    dir: given('dir') ?? '.',
    ...(app !== undefined && { app }),
    ...(remote !== undefined && { remote }),
  };
}
