import { type Command, Option } from 'commander';
import type { MetricsWindow } from '../../apps/metrics/views.js';
import { METRICS_WINDOWS } from '../../apps/metrics/windows.js';
import { appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { formatMetrics, toMetricsJson } from '../format/metrics.js';
import { layout, printJson, printLines } from '../output.js';

interface MetricsFlags extends JsonFlags {
  readonly window: MetricsWindow;
}

export function createMetricsCommand(): Command {
  const window = new Option('-w, --window <window>', 'how far back')
    .choices(Object.keys(METRICS_WINDOWS))
    .default('1h');
  const command = appCommandWithJson('metrics', 'show requests, response times, memory, and what happened')
    .description(
      'Shows how many requests there were and how long they took, the memory of the dynos, and what explains a change: ' +
        'releases, scaling, restarts, sleep, errors. They are kept for a day, while dynosim runs.',
    )
    .addOption(window)
    .action(async (flags: MetricsFlags) => {
      const { app } = await connectTo(flags);
      const metrics = await app.metrics(flags.window);
      if (flags.json) printJson(toMetricsJson(metrics));
      else printLines(formatMetrics(metrics, layout()));
    });
  return examples(command, 'metrics', 'metrics --window 5m', "metrics --json | jq '.totals.p95Ms'");
}
