import type { Command } from 'commander';
import { parseScale } from '../../procfile/formation.js';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { describeScale } from '../format/scale.js';
import { printFormationJson, requireTypes } from '../formation.js';
import { action, print } from '../output.js';

export function createPsScaleCommand(): Command {
  const command = appCommandWithJson('ps:scale', 'change how many dynos run', 'scale', 'dyno:scale')
    .description(
      'Changes how many dynos run: all changes or none. Dynos that stay keep running unless their size changes. ' +
        'Without arguments, prints the formation in a form that ps:scale reads.',
    )
    .argument('[change...]', 'web=2, web+1, worker-1 or web=2:standard-1x')
    .action(async (args: readonly string[], flags: JsonFlags) => {
      const changes = parseScale(args);
      const { app } = await connectTo(flags);
      const change = () => action('Scaling dynos', () => app.scale(changes), describeScale(changes));
      const formation = changes.length > 0 ? await change() : requireTypes(await app.formation(), app);
      if (flags.json) printFormationJson(formation);
      else if (changes.length === 0)
        print(formation.map(({ type, quantity, size }) => `${type}=${quantity}:${size}`).join(' '));
    });
  return examples(command, 'ps:scale', 'ps:scale web=2 worker=1', 'ps:scale web+1:standard-2x');
}
