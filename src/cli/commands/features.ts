import type { Command } from 'commander';
import { appCommand, appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { action, appName, printJson, say } from '../output.js';

export function createFeaturesCommand(): Command {
  const command = appCommandWithJson('features', 'list or switch preboot and other features').description(
    'Lists the features of the app, those of heroku features and heroku labs alike: [+] is on.',
  );
  command.action(async (flags: JsonFlags) => {
    const { app } = await connectTo(flags);
    const features = await app.features();
    if (flags.json) return printJson(features);
    const width = Math.max(...features.map(({ name }) => name.length));
    for (const { name, isEnabled, description } of features)
      say(`[${isEnabled ? '+' : ' '}] ${name.padEnd(width)}  ${description}`);
  });
  return examples(command, 'features', 'features:enable preboot', 'features:disable preboot');
}

export function createFeaturesEnableCommand(): Command {
  return createSwitch(
    'features:enable',
    'switch a feature on, for dynos that start from now on',
    'Enabling',
    true,
  );
}

export function createFeaturesDisableCommand(): Command {
  return createSwitch('features:disable', 'switch a feature off', 'Disabling', false);
}

function createSwitch(name: string, summary: string, doing: string, isEnabled: boolean): Command {
  const command = appCommand(name, summary)
    .argument('<feature>', 'preboot, log-runtime-metrics or runtime-dyno-metadata')
    .action(async (feature: string, flags: AppFlags) => {
      const { app } = await connectTo(flags);
      await action(`${doing} ${feature} for ${appName(app)}`, () => app.setFeature(feature, isEnabled));
    });
  return examples(command, `${name} log-runtime-metrics`);
}
