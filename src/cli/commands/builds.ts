import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AppControl } from '../../apps/control.js';
import type { BuildView } from '../../apps/views.js';
import { systemWall } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import {
  addAppFlags,
  appCommand,
  appCommandWithJson,
  connectTo,
  examples,
  type JsonFlags,
  plainCommand,
} from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { describeBuild, formatBuilds } from '../format/builds.js';
import { action, appName, heading, layout, print, printJson, printLines } from '../output.js';

export function createDeployCommand(): Command {
  const command = addAppFlags(plainCommand('deploy', 'build and release a folder as it is, without git'))
    .description(
      'Builds a folder as it is, without what .gitignore names, and releases it to an app of the host.',
    )
    .argument('[folder]', 'the folder to deploy', '.')
    .action(async (folder: string, flags: AppFlags) => {
      const { app } = await connectTo(flags);
      const { id } = await app.deploy(resolve(folder));
      await follow(app, id);
      const { status } = await findBuild(app, id);
      if (status === 'failed') process.exitCode = 1;
    });
  return examples(command, 'deploy', 'deploy dist --app my-app');
}

export function createBuildsCommand(): Command {
  const command = appCommandWithJson('builds', 'list the builds of an app, the newest first').action(
    async (flags: JsonFlags) => {
      const { app } = await connectTo(flags);
      const builds = [...(await app.builds())].reverse();
      if (flags.json) return printJson(builds);
      print(heading(`${appName(app)} Builds`));
      printLines(['', ...formatBuilds(builds, { ...layout(), now: systemWall() })]);
    },
  );
  return examples(command, 'builds', "builds --json | jq -r '.[0].status'");
}

export function createBuildsInfoCommand(): Command {
  const command = appCommandWithJson('builds:info', 'show a build')
    .argument('[build]', 'its id (default: the newest)')
    .action(async (id: string | undefined, flags: JsonFlags) => {
      const { app } = await connectTo(flags);
      const build = await findBuild(app, id);
      if (flags.json) return printJson(build);
      printLines([heading(`Build ${build.id}`), '', ...describeBuild(build)]);
    });
  return examples(command, 'builds:info');
}

export function createBuildsOutputCommand(): Command {
  const command = appCommand('builds:output', 'show what a build prints, to its end')
    .argument('[build]', 'its id (default: the newest)')
    .action(async (id: string | undefined, flags: AppFlags) => {
      const { app } = await connectTo(flags);
      await follow(app, (await findBuild(app, id)).id);
    });
  return examples(command, 'builds:output');
}

export function createBuildsCancelCommand(): Command {
  const command = appCommand('builds:cancel', 'end a build that runs')
    .argument('[build]', 'its id (default: the newest)')
    .action(async (id: string | undefined, flags: AppFlags) => {
      const { app } = await connectTo(flags);
      const build = await findBuild(app, id);
      await action(`Stopping build ${build.id} on ${appName(app)}`, () => app.cancelBuild(build.id));
    });
  return examples(command, 'builds:cancel');
}

async function follow(app: AppControl, id: string): Promise<void> {
  for await (const text of app.buildOutput(id, new AbortController().signal)) process.stdout.write(text);
}

/**
 * @param id or the beginning of it; left out: the newest
 * @throws UserError `NO_SUCH_BUILD`
 */
async function findBuild(app: AppControl, id?: string): Promise<BuildView> {
  const builds = await app.builds();
  const found = id === undefined ? builds.at(-1) : builds.find((build) => build.id.startsWith(id));
  if (found) return found;
  const which = id === undefined ? `${app.name} has no builds` : `There is no build ${id}`;
  throw new UserError('NO_SUCH_BUILD', which, 'See them all: dynosim builds');
}
