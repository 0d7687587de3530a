import type { Command } from 'commander';
import type { FormationUpdate } from '../../api/client/app-client.js';
import { type FormationChange, parseScale } from '../../procfile/formation.js';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { printFormationJson, requireTypes } from '../formation.js';
import { action, print } from '../output.js';

/** `dynosim ps:scale` */
export function createPsScaleCommand(): Command {
  const command = appCommandWithJson('ps:scale', 'change how many dynos run', 'scale', 'dyno:scale')
    .description(
      'Changes how many dynos run: all that is asked for or nothing. Dynos that stay are not touched, unless ' +
        'their size changes. Without arguments prints the formation, in a form to be given back to ps:scale.',
    )
    .argument('[change...]', 'web=2, web+1, worker-1 or web=2:standard-1x')
    .action(async (args: readonly string[], flags: JsonFlags) => {
      const updates = parseScale(args).map(toUpdate);
      const app = await connectTo(flags);
      const change = () => action('Scaling dynos', () => app.updateFormation(updates), sayOf(updates));
      const formation = updates.length > 0 ? await change() : requireTypes(await app.formation(), app);
      if (flags.json) printFormationJson(formation);
      else if (updates.length === 0)
        print(formation.map(({ type, quantity, size }) => `${type}=${quantity}:${size}`).join(' '));
    });
  return examples(command, 'ps:scale', 'ps:scale web=2 worker=1', 'ps:scale web+1:standard-2x');
}

/** In the words of the API, which does the sums. */
function toUpdate({ type, quantity, size }: FormationChange): FormationUpdate {
  return {
    type,
    ...(quantity && {
      quantity: 'to' in quantity ? `${quantity.to}` : `${quantity.by < 0 ? '' : '+'}${quantity.by}`,
    }),
    ...(size && { size }),
  };
}

/** Only the types that were named, as Heroku's CLI says it. */
function sayOf(updates: readonly FormationUpdate[]) {
  return (formation: Parameters<typeof printFormationJson>[0]): string => {
    const named = formation.filter((entry) => updates.some(({ type }) => type === entry.type));
    return `now running ${named.map(({ type, quantity, size }) => `${type} at ${quantity}:${size}`).join(', ')}`;
  };
}
