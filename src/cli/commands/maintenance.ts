import type { Command } from 'commander';
import { appCommand, appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { action, appName, print, printJson } from '../output.js';

export function createMaintenanceCommand(): Command {
  const command = appCommandWithJson('maintenance', 'show or switch maintenance mode')
    .description('Shows whether visitors get the maintenance page: on or off.')
    .action(async (flags: JsonFlags) => {
      const { app } = await connectTo(flags);
      const { isInMaintenance: maintenance } = await app.info();
      if (flags.json) printJson({ maintenance });
      else print(maintenance ? 'on' : 'off');
    });
  return examples(command, 'maintenance', 'maintenance:on', 'maintenance:off');
}

export function createMaintenanceOnCommand(): Command {
  return createSwitch(
    'maintenance:on',
    'answer every request with H80; dynos keep running',
    'Enabling',
    true,
  );
}

export function createMaintenanceOffCommand(): Command {
  return createSwitch('maintenance:off', 'let requests through again', 'Disabling', false);
}

function createSwitch(name: string, summary: string, doing: string, isOn: boolean): Command {
  const command = appCommand(name, summary).action(async (flags: AppFlags) => {
    const { app } = await connectTo(flags);
    await action(`${doing} maintenance mode for ${appName(app)}`, () => app.setMaintenance(isOn));
  });
  return examples(command, name);
}
