import type { Command } from 'commander';
import { examples, plainCommand } from '../app-command.js';
import type { TrustFlags } from '../trust/trust.js';

/** `dynosim trust` */
export function createTrustCommand(): Command {
  const command = plainCommand('trust', "make browsers trust https://localhost's certificate")
    .description(
      'The router speaks HTTPS, too, with certificates that an authority of your own ' +
        'signs: for localhost and nothing else. This adds it to those that browsers ' +
        'and the system trust; what needs root is shown.',
    )
    .option('-n, --dry-run', 'show everything, do nothing')
    .option('--undo', 'take it out again')
    .action(async (flags: TrustFlags) => {
      const { trust } = await import('../trust/trust.js');
      await trust(flags);
    });
  return examples(command, 'trust', 'trust --dry-run', 'trust --undo');
}
