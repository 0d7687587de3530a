import type { Command } from 'commander';
import type { AppControl } from '../../apps/control.js';
import type { BuildpackView } from '../../apps/views.js';
import { UserError } from '../../base/errors.js';
import { appCommand, appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { appName, heading, print, printJson, printLines, say } from '../output.js';

interface IndexFlags extends AppFlags {
  readonly index?: string;
}

const BUILDPACK = 'heroku/nodejs, file:///path/to/a/buildpack, or none: files as they are';

export function createBuildpacksCommand(): Command {
  const command = appCommandWithJson('buildpacks', 'show what builds an app of the host').action(
    async (flags: JsonFlags) => {
      const { app } = await connectTo(flags);
      const buildpacks = await app.buildpacks();
      if (flags.json) return printJson(buildpacks);
      if (buildpacks.length === 0) return print(`${appName(app)} has no Buildpacks.`);
      print(heading(`${appName(app)} Buildpack${buildpacks.length === 1 ? '' : 's'}`));
      printLines(['', ...numbered(buildpacks)]);
    },
  );
  return examples(command, 'buildpacks');
}

export function createBuildpacksSetCommand(): Command {
  const command = appCommand('buildpacks:set', 'set the buildpack of the next build')
    .argument('<buildpack>', BUILDPACK)
    .option('-i, --index <number>', 'which one of several, from 1', '1')
    .action(async (buildpack: string, flags: IndexFlags) => {
      await change(
        flags,
        (names, index) => [...names.slice(0, index), buildpack, ...names.slice(index + 1)],
        'set',
      );
    });
  return examples(command, 'buildpacks:set heroku/python', 'buildpacks:set none');
}

export function createBuildpacksAddCommand(): Command {
  const command = appCommand('buildpacks:add', 'add a buildpack to the next build')
    .argument('<buildpack>', BUILDPACK)
    .option('-i, --index <number>', 'before which one, from 1 (default: the last)')
    .action(async (buildpack: string, flags: IndexFlags) => {
      await change(
        flags,
        (names, index) => [...names.slice(0, index), buildpack, ...names.slice(index)],
        'added',
      );
    });
  return examples(command, 'buildpacks:add --index 1 heroku/nodejs');
}

export function createBuildpacksRemoveCommand(): Command {
  const command = appCommand('buildpacks:remove', 'remove a buildpack from the next build')
    .argument('<buildpack>', 'as "buildpacks" lists it')
    .action(async (buildpack: string, flags: AppFlags) => {
      await change(flags, (names) => without(names, buildpack), 'removed');
    });
  return examples(command, 'buildpacks:remove heroku/nodejs');
}

export function createBuildpacksClearCommand(): Command {
  const command = appCommand('buildpacks:clear', 'let the next build detect its buildpack').action(
    async (flags: AppFlags) => {
      const { app } = await connectTo(flags);
      await app.setBuildpacks([]);
      say(`Buildpacks cleared. Next release on ${appName(app)} will detect its buildpack.`);
    },
  );
  return examples(command, 'buildpacks:clear');
}

/** @param edit gets the names and the index, from 0; Infinity if none was given */
async function change(
  { index = 'Infinity', ...flags }: IndexFlags,
  edit: (names: readonly string[], index: number) => readonly string[],
  verb: 'set' | 'added' | 'removed',
): Promise<void> {
  const { app } = await connectTo(flags);
  const at = Number(index);
  if (!(at >= 1))
    throw new UserError('BAD_NUMBER', `"${index}" is not an index`, 'Count from 1, as "buildpacks" does.');
  const names = (await app.buildpacks()).map(({ name }) => name);
  report(app, await app.setBuildpacks(edit(names, at - 1)), verb);
}

function report(app: AppControl, buildpacks: readonly BuildpackView[], verb: string): void {
  const uses = buildpacks.length === 1 ? ` ${buildpacks[0]?.name}.` : ':';
  if (buildpacks.length === 0)
    return say(`Buildpack removed. Next release on ${appName(app)} will detect its buildpack.`);
  say(`Buildpack ${verb}. Next release on ${appName(app)} will use${uses}`);
  if (buildpacks.length > 1) printLines(numbered(buildpacks).map((line) => `  ${line}`));
  say('Run git push heroku main to create a new release using this buildpack.');
}

function numbered(buildpacks: readonly BuildpackView[]): readonly string[] {
  return buildpacks.length === 1
    ? buildpacks.map(({ name }) => name)
    : buildpacks.map(({ name }, index) => `${index + 1}. ${name}`);
}

/** @throws UserError `NO_SUCH_BUILDPACK` */
function without(names: readonly string[], buildpack: string): readonly string[] {
  if (names.includes(buildpack)) return names.filter((name) => name !== buildpack);
  throw new UserError(
    'NO_SUCH_BUILDPACK',
    `Buildpack not found: ${buildpack}`,
    'See them all: dynosim buildpacks',
  );
}
