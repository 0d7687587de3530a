import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { appCommand, connectTo, examples } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { print } from '../output.js';

export function createOpenCommand(): Command {
  const command = appCommand('open', 'open the app in the browser')
    .description("Opens the app in $BROWSER, or else the desktop's browser, and prints its URL.")
    .argument('[path]', 'a path within the app')
    .action(async (path: string | undefined, flags: AppFlags) => {
      const { app } = await connectTo(flags);
      const { url } = await app.info();
      const { href, origin } = new URL(path ?? '', url);
      if (origin !== new URL(url).origin)
        throw new UserError('NOT_A_PATH', `${path} is not a path of the app`, 'Write for example /admin.');
      print(href);
      const { openBrowser } = await import('../browser.js');
      await openBrowser(href, process.env, process.platform);
    });
  return examples(command, 'open', 'open /admin');
}
