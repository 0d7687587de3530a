import { expect, test } from 'vitest';
import { LogView } from '../../../../src/cli/start/log-view.js';
import type { LogEntry } from '../../../../src/logs/entry.js';

const from = (dyno: string): LogEntry => ({ at: 0, source: 'app', dyno, line: '' });
const shown = (view: LogView) =>
  ['web.1', 'web.2', 'worker.1', 'router', 'api'].filter((dyno) => view.shows(from(dyno)));

test('what is hidden is shown when it is all that is to be shown', () => {
  const view = new LogView({ hidden: ['router', 'web.2', 'worker'], hasDetails: false });
  expect(shown(view)).toEqual(['web.1', 'api']);
  view.showOnly('worker');
  expect(shown(view)).toEqual(['worker.1']);
  view.showOnly('web');
  expect(shown(view)).toEqual(['web.1', 'web.2']);
  view.showOnly(undefined);
  expect(shown(view)).toEqual(['web.1', 'api']);
});

test('details are shown only if they are asked for', () => {
  const detail = { ...from('web.1'), isDetail: true } as const;
  const shows = (hasDetails: boolean) => new LogView({ hidden: [], hasDetails }).shows(detail);
  expect([shows(true), shows(false)]).toEqual([true, false]);
});
