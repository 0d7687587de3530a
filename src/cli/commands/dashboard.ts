import type { Command } from 'commander';
import { appCommand, examples } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { note, print } from '../output.js';

export function createDashboardCommand(): Command {
  const command = appCommand('dashboard', 'open the dashboard in the browser')
    .description(
      "Opens the dashboard of an app, or of all apps of a host, in $BROWSER or else in the desktop's browser. Without a " +
        'browser it prints the URL, which lets one browser in, once and within 10 minutes.',
    )
    .option('--url', 'print the URL, and open nothing')
    .action(async ({ url: isUrlWanted, ...flags }: AppFlags & { readonly url?: true }) => {
      const { connectForDashboard } = await import('../connect.js');
      const { tryBrowser } = await import('../browser.js');
      const { askToOpen, entranceTo } = await import('../dashboard.js');
      const { host, runtime, app } = await connectForDashboard(flags);
      const url = await entranceTo(runtime, host, app);
      if (isUrlWanted) return print(url);
      const outcome = await tryBrowser(url, process.env, process.platform);
      if (outcome.at === 'opened') return print('Opened the dashboard in the browser');
      note(askToOpen(outcome.why));
      print(url);
    });
  return examples(command, 'dashboard', 'dashboard --url');
}
