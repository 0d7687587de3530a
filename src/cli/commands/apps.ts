import type { Command } from 'commander';
import { systemWall } from '../../base/clock.js';
import { addAppFlags, addNameFlags, connectTo, examples, plainCommand } from '../app-command.js';
import { requireConfirmed } from '../confirm.js';
import type { AppFlags } from '../connect.js';
import { action, appName, layout, note, print, printJson, printLines } from '../output.js';
import { requireHost } from './host-info.js';

interface CreateFlags {
  readonly remote: string | false;
  readonly buildpack?: string;
  readonly appJson?: string | true;
  readonly json?: true;
}

export function createCreateCommand(): Command {
  const command = plainCommand('create', 'make an app, and a git remote that leads to it', 'apps:create')
    .argument('[name]', 'its name; one is made up if left out')
    .option('-r, --remote <name>', 'the name of the git remote', 'heroku')
    .option('--no-remote', 'add no git remote')
    .option('-b, --buildpack <buildpack>', 'builds it; by default, the first push detects one')
    .option(
      '--app-json [file]',
      'set up config vars, buildpacks, add-ons, formation and postdeploy script as an app.json says (default: app.json)',
    )
    .option('--json', 'print one JSON document')
    .action(async (name: string | undefined, { remote, buildpack, appJson, json }: CreateFlags) => {
      const connection = await requireHost();
      const { EMPTY_MANIFEST, readManifest, setUp } = await import('../host/app-json.js');
      // Before the app is made: a file that cannot be read leaves none behind.
      const manifest =
        appJson === undefined ? EMPTY_MANIFEST : readManifest(appJson === true ? 'app.json' : appJson);
      const { firstDeploy } = manifest;
      const app = await action(
        name === undefined ? 'Creating app' : `Creating ${appName({ name })}`,
        () => connection.host.createApp({ ...(name !== undefined && { name }), firstDeploy }),
        (made) => (name === undefined ? appName(made) : ''),
      );
      const own = buildpack === undefined ? manifest : { ...manifest, buildpacks: [buildpack] };
      const { host } = connection;
      const left = await setUp(host.appNamed(app.name), host.addons, own).catch(async (error: unknown) => {
        await host.destroyApp(app.name);
        throw error;
      });
      for (const sentence of left) note(`Warning: ${sentence}`);
      const { addRemote, gitUrl } = await import('../host/git-remote.js');
      if (json) printJson(app);
      else print(`${app.url} | ${gitUrl(connection.runtime, app.name)}`);
      if (remote === false) return;
      const said = await addRemote(connection.runtime, { app: app.name, remote, isNew: true }, systemWall());
      if (said !== undefined) note(said);
    });
  return examples(command, 'create', 'create my-app --remote staging');
}

export function createAppsCommand(): Command {
  const command = plainCommand('apps', 'list all apps: those of the host and of "start"')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { readonly json?: true }) => {
      const { listApps } = await import('../host/list-apps.js');
      const apps = await listApps();
      if (json) return printJson(apps);
      const { formatApps } = await import('../format/apps.js');
      printLines(formatApps(apps, layout().width));
    });
  return examples(command, 'apps', "apps --json | jq -r '.[].name'");
}

export function createAppsRenameCommand(): Command {
  const command = addAppFlags(plainCommand('apps:rename', 'give an app of the host another name'))
    .argument('<name>', 'the new name')
    .action(async (name: string, flags: AppFlags) => {
      const { app, host, runtime } = await connectTo(flags);
      const { gitUrl, renameRemotes } = await import('../host/git-remote.js');
      const renamed = await action(`Renaming ${appName(app)} to ${appName({ name })}`, () =>
        host.renameApp(app.name, name),
      );
      print(`${renamed.url} | ${gitUrl(runtime, name)}`);
      for (const remote of await renameRemotes(runtime, app.name, name)) note(`Git remote ${remote} updated`);
    });
  return examples(command, 'apps:rename my-better-name');
}

export function createAppsDestroyCommand(): Command {
  const command = addAppFlags(
    plainCommand('apps:destroy', 'remove an app of the host, with all that is kept of it'),
  )
    .option('--confirm <name>', 'its name, as proof that you mean it')
    .action(async (flags: AppFlags & { readonly confirm?: string }) => {
      const { app, host, runtime } = await connectTo({
        ...flags,
        ...(flags.app === undefined && flags.confirm !== undefined && { app: flags.confirm }),
      });
      requireConfirmed(
        `This removes ${app.name} for good, with its config vars, its releases and the data of its add-ons`,
        'apps:destroy',
        app.name,
        flags.confirm,
      );
      await action(`Destroying ${appName(app)}`, () => host.destroyApp(app.name));
      const { removeRemotes } = await import('../host/git-remote.js');
      await removeRemotes(runtime, app.name);
    });
  return examples(command, 'apps:destroy --confirm my-app');
}

export function createGitCloneCommand(): Command {
  const command = addNameFlags(plainCommand('git:clone', 'clone what was pushed to an app'))
    .argument('[folder]', "the new folder (default: the app's name)")
    .option('-r, --remote <name>', 'the name of the git remote', 'heroku')
    .action(async (folder: string | undefined, { remote = 'heroku', ...flags }: AppFlags) => {
      const { app, runtime } = await connectTo(flags);
      const { clone } = await import('../host/git-remote.js');
      process.exitCode = await clone(
        runtime,
        { app: app.name, remote, folder: folder ?? app.name },
        systemWall(),
      );
    });
  return examples(command, 'git:clone --app my-app');
}

export function createGitRemoteCommand(): Command {
  const command = addNameFlags(plainCommand('git:remote', 'add a git remote that leads to an app'))
    .option('-r, --remote <name>', 'the name of the git remote', 'heroku')
    .action(async ({ remote = 'heroku', ...flags }: AppFlags) => {
      const { app, runtime } = await connectTo(flags);
      const { addRemote, gitUrl } = await import('../host/git-remote.js');
      const said = await addRemote(runtime, { app: app.name, remote, isNew: false }, systemWall());
      if (said !== undefined) note(said);
      print(`set git remote ${remote} to ${gitUrl(runtime, app.name)}`);
    });
  return examples(command, 'git:remote --app my-app', 'git:remote --app my-app --remote staging');
}
