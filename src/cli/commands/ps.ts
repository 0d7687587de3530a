import type { Command } from 'commander';
import type { AppControl } from '../../api/control.js';
import { toDynoJson } from '../../apps/dyno-json.js';
import type { DynoView } from '../../apps/views.js';
import { systemWall } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { hintForType } from '../../procfile/formation.js';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { formatDynos, formatDynoTable } from '../format/dynos.js';
import { formatQuota } from '../format/quota.js';
import { appName, layout, print, printJson, printLines, say } from '../output.js';

interface PsFlags extends JsonFlags {
  readonly extended?: true;
}

export function createPsCommand(): Command {
  const command = appCommandWithJson('ps', 'list dynos: state, age, size, port, memory')
    .argument('[type...]', 'only dynos of these process types')
    .option('-x, --extended', 'a table, with pids and releases too')
    .action(async (types: readonly string[], flags: PsFlags) => {
      const { app } = await connectTo(flags);
      const [dynos, quota] = await Promise.all([select(app, types), app.quota()]);
      const format = { ...layout(), now: systemWall() };
      if (flags.json) printJson(dynos.map(toDynoJson));
      else if (dynos.length === 0) print(`No dynos on ${appName(app)}`);
      else if (flags.extended) printLines(formatDynoTable(dynos, format));
      else {
        for (const line of formatDynos(dynos, format)) say(line);
        if (quota && dynos.some(({ size }) => size === 'Eco')) say(formatQuota(quota));
      }
    });
  return examples(command, 'ps', 'ps web', "ps --json | jq '.[] | {name, state}'");
}

/** @throws UserError `NO_SUCH_DYNO` */
async function select(app: AppControl, types: readonly string[]): Promise<readonly DynoView[]> {
  const dynos = await app.dynos();
  const missing = types.find((type) => !dynos.some((dyno) => dyno.type === type));
  if (missing === undefined)
    return types.length === 0 ? dynos : dynos.filter(({ type }) => types.includes(type));
  const known = (await app.formation()).map(({ type }) => type);
  throw new UserError('NO_SUCH_DYNO', `No ${missing} dynos on ${appName(app)}`, hintForType(missing, known));
}
