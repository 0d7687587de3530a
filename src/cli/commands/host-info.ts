import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { siteOf } from '../../base/site.js';
import { examples, plainCommand } from '../app-command.js';
import type { HostConnection } from '../connect.js';
import { formatPairs } from '../format/table.js';
import { action, heading, printJson, printLines } from '../output.js';

/** @throws UserError `NO_HOST` */
export async function requireHost(): Promise<HostConnection> {
  const { connectToHost } = await import('../connect.js');
  const connection = await connectToHost();
  if (connection) return connection;
  throw new UserError('NO_HOST', 'No host runs', 'Start it with: dynosim host');
}

export function createHostInfoCommand(): Command {
  const command = plainCommand('host:info', 'show the running host and its apps')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { readonly json?: true }) => {
      const { host, runtime } = await requireHost();
      const { pid, router, api, dashboard = '' } = runtime;
      const { apps, state = '' } = await host.info();
      if (json) return printJson({ pid, router, api, dashboard, state, apps });
      const pairs = [
        ['Web URL', siteOf(router)],
        ['Dashboard', dashboard],
        ['Control API', api],
        ['Process id', String(pid)],
        ['State', state],
        ['Apps', apps.join(', ')],
      ] as const;
      printLines([heading('Host'), '', ...formatPairs(pairs)]);
    });
  return examples(command, 'host:info', 'host:info --json | jq -r .router');
}

export function createHostStopCommand(): Command {
  const command = plainCommand('host:stop', 'stop the host and all its apps')
    .description('Stops all dynos and the host, as Ctrl-C does, and returns when it has ended.')
    .action(async () => {
      const connection = await requireHost();
      const { stopAndWait } = await import('../stop-app.js');
      await action('Stopping the host', (say) => stopAndWait(connection, say));
    });
  return examples(command, 'host:stop');
}
