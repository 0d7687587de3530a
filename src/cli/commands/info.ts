import type { Command } from 'commander';
import { siteOf } from '../../base/site.js';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { formatPairs } from '../format/table.js';
import { appName, heading, print, printJson, printLines } from '../output.js';

export function createInfoCommand(): Command {
  const command = appCommandWithJson('info', "show the app's folder, URL and release", 'apps:info')
    .option('--code', 'print a code for "heroku login", valid once and for 10 minutes')
    .action(async (flags: JsonFlags & { readonly code?: true }) => {
      const { app, host, runtime } = await connectTo(flags);
      if (flags.code) {
        const code = await host.loginCode();
        return flags.json ? printJson({ code }) : print(code);
      }
      const [formation, releases, { dir, url, isInMaintenance }] = await Promise.all([
        app.formation(),
        app.releases(),
        app.info(),
      ]);
      const release = releases.at(-1);
      const { router, api, pid, dashboard } = runtime;
      const processTypes = formation.map(({ type }) => type);
      if (flags.json)
        return printJson({
          app: app.name,
          dir,
          router,
          api,
          dashboard,
          pid,
          processTypes,
          release: release?.version,
        });
      const pairs = [
        ['Folder', dir],
        ['Web URL', siteOf(url)],
        ...(dashboard === undefined ? [] : [['Dashboard', dashboard] as const]),
        ['Control API', api],
        ['Process id', String(pid)],
        ['Process types', processTypes.join(', ')],
        ['Release', release ? `v${release.version}: ${release.description}` : ''],
        ...(isInMaintenance ? [['Maintenance', 'on'] as const] : []),
      ] as const;
      printLines([heading(appName(app)), '', ...formatPairs(pairs)]);
    });
  return examples(command, 'info', 'info --json | jq -r .router');
}
