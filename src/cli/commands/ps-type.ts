import type { Command } from 'commander';
import type { FormationView } from '../../apps/views.js';
import { UserError } from '../../base/errors.js';
import { parseDynoSize } from '../../base/sizes.js';
import type { FormationChange } from '../../procfile/formation.js';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { formatSizes } from '../format/sizes.js';
import { printFormationJson, requireTypes } from '../formation.js';
import { action, appName, heading, printLines } from '../output.js';

export function createPsTypeCommand(): Command {
  const names = ['ps:resize', 'resize', 'dyno:resize', 'dyno:type'];
  const command = appCommandWithJson('ps:type', "show or change the dynos' sizes", ...names)
    .description(
      'Shows the sizes of dynos and what they would cost at Heroku. With a size, sets it for all process types; ' +
        'with TYPE=SIZE, for that type. Dynos whose size changes restart.',
    )
    .argument('[size...]', 'basic, or web=standard-2x worker=standard-1x')
    .action(async (args: readonly string[], flags: JsonFlags) => {
      const readChanges = parseSizeArguments(args);
      const { app } = await connectTo(flags);
      const changes = readChanges(requireTypes(await app.formation(), app));
      if (changes.length > 0) await action(`Scaling dynos on ${appName(app)}`, () => app.scale(changes));
      const formation = await app.formation();
      if (flags.json) printFormationJson(formation);
      else printLines(formatSizes(formation, heading));
    });
  return examples(command, 'ps:type', 'ps:type basic', 'ps:type web=standard-2x background-jobs=standard-1x');
}

/**
 * One size for all types, or `type=size` each.
 * @throws UserError `BAD_SIZES`, `UNKNOWN_SIZE`
 */
function parseSizeArguments(
  args: readonly string[],
): (formation: readonly FormationView[]) => readonly FormationChange[] {
  const [first] = args;
  if (args.length === 1 && first !== undefined && !first.includes('=')) {
    const size = parseDynoSize(first);
    return (formation) => formation.map(({ type }) => ({ type, size }));
  }
  const changes = args.map((argument) => {
    // Heroku's CLI refuses hyphens in a type's name here, though it takes them everywhere else.
    const [, type, size] = /^([\w-]+)=([\w-]+)$/.exec(argument) ?? [];
    if (type && size) return { type, size: parseDynoSize(size) };
    const hint = 'Write for example ps:type basic or ps:type web=standard-2x.';
    throw new UserError('BAD_SIZES', `"${argument}" is not "type=size"`, hint);
  });
  return () => changes;
}
