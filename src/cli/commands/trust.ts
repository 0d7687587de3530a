import type { Command } from 'commander';
import { examples, plainCommand } from '../app-command.js';
import type { TrustFlags } from '../trust/trust.js';

export function createTrustCommand(): Command {
  const command = plainCommand('trust', "make browsers trust https://localhost's certificate")
    .description(
      'The router also speaks HTTPS, with certificates signed by a local authority of your own, for localhost only. ' +
        'This command makes browsers and the system trust it; steps that need root are only shown.',
    )
    .option('-n, --dry-run', 'show the steps without taking them')
    .option('--undo', 'remove the authority again')
    .action(async (flags: TrustFlags) => {
      const { trust } = await import('../trust/trust.js');
      await trust(flags);
    });
  return examples(command, 'trust', 'trust --dry-run', 'trust --undo');
}
