import type { Command } from 'commander';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { formatReport } from '../format/report.js';
import { columns, heading, paint, printJson, printLines } from '../output.js';

/** `dynosim report` */
export function createReportCommand(): Command {
  const command = appCommandWithJson('report', 'tell how often the app slept and what its wakes cost')
    .description(
      'Tells of each wake who caused it, how long he waited, and for what; who keeps the app awake; and the dyno ' +
        'hours that were used and saved.',
    )
    .action(async (flags: JsonFlags) => {
      const { app } = await connectTo(flags);
      const report = await app.report();
      if (flags.json) printJson(report);
      else printLines(formatReport(report, { heading, paint, width: columns() }));
    });
  return examples(command, 'report', "report --json | jq '.totals'");
}
