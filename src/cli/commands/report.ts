import type { Command } from 'commander';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { formatReport } from '../format/report.js';
import { layout, printJson, printLines } from '../output.js';

export function createReportCommand(): Command {
  const command = appCommandWithJson('report', 'show how often the app slept and what its wakes cost')
    .description(
      'Shows what caused each wake, how long the request waited, and why; which clients keep the app awake; and the ' +
        'dyno hours that were used and saved.',
    )
    .action(async (flags: JsonFlags) => {
      const { app } = await connectTo(flags);
      const report = await app.report();
      if (flags.json) printJson(report);
      else printLines(formatReport(report, layout()));
    });
  return examples(command, 'report', "report --json | jq '.totals'");
}
