import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { appCommand, appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { action, appName, heading, print, printJson, printLines } from '../output.js';

export function createDomainsCommand(): Command {
  const command = appCommandWithJson('domains', 'list the host names that lead to an app').action(
    async (flags: JsonFlags) => {
      const { app } = await connectTo(flags);
      const domains = await app.domains();
      if (flags.json) return printJson(domains);
      const own = domains.filter(({ kind }) => kind === 'custom').map(({ hostname }) => hostname);
      printLines([heading(`${appName(app)} Heroku Domain`), '', `${domains[0]?.hostname ?? ''}`]);
      if (own.length > 0) printLines(['', heading(`${appName(app)} Custom Domains`), '', ...own]);
    },
  );
  return examples(command, 'domains');
}

export function createDomainsAddCommand(): Command {
  const command = appCommand('domains:add', 'let one more host name lead to an app of the host')
    .argument('<hostname>', 'for example www.example.com; the router answers requests with this Host header')
    .action(async (hostname: string, flags: AppFlags) => {
      const { app } = await connectTo(flags);
      await action(`Adding ${hostname} to ${appName(app)}`, () => app.addDomain(hostname));
    });
  return examples(command, 'domains:add www.example.com');
}

export function createDomainsRemoveCommand(): Command {
  const command = appCommand('domains:remove', 'remove a host name from an app')
    .argument('<hostname>', 'as "domains" lists it')
    .action(async (hostname: string, flags: AppFlags) => {
      const { app } = await connectTo(flags);
      await action(`Removing ${hostname} from ${appName(app)}`, () => app.removeDomain(hostname));
    });
  return examples(command, 'domains:remove www.example.com');
}

/** Heroku waits for its DNS; here a domain leads to its app at once. */
export function createDomainsWaitCommand(): Command {
  const command = appCommand('domains:wait', 'wait until a host name leads to its app, which is at once')
    .argument('[hostname]', 'as "domains" lists it (default: all)')
    .action(async (hostname: string | undefined, flags: AppFlags) => {
      const { app } = await connectTo(flags);
      const domains = (await app.domains()).filter((one) => one.kind === 'custom');
      if (hostname !== undefined && !domains.some((one) => one.hostname === hostname))
        throw new UserError('NO_SUCH_DOMAIN', "Couldn't find that domain name.", 'See them: dynosim domains');
    });
  return examples(command, 'domains:wait www.example.com');
}

export function createStackCommand(): Command {
  const command = appCommandWithJson('stack', 'show the stack that an app is built on').action(
    async (flags: JsonFlags) => {
      const { app } = await connectTo(flags);
      const { STACK } = await import('../../api/heroku/platform-facts.js');
      if (flags.json) return printJson([{ name: STACK.name, isCurrent: true }]);
      print(heading(`${appName(app)} Available Stacks`));
      printLines(['', `* ${STACK.name}`]);
    },
  );
  return examples(command, 'stack');
}
