import { expect, test } from 'vitest';
import type { TransferView } from '../../../../src/addons/control.js';
import { formatApps } from '../../../../src/cli/format/apps.js';
import { formatTransfers } from '../../../../src/cli/format/transfers.js';
import type { ListedApp } from '../../../../src/cli/host/list-apps.js';

const WIDTH = 72;

function widest(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => line.length));
}

test('backups fit a narrow terminal, and end with their database', () => {
  const backup = {
    kind: 'backup',
    number: 1,
    startedAt: 0,
    finishedAt: 1,
    problem: null,
    bytes: 1e6,
    addon: 'postgresql-rectangular-36612',
  };
  const format = { heading: (text: string) => text, paint: (_: string, text: string) => text, width: WIDTH };
  const lines = formatTransfers([backup as unknown as TransferView], format);
  expect(widest(lines)).toBeLessThanOrEqual(WIDTH);
  expect(lines).toContainEqual(expect.stringMatching(/^b001 .*Completed 1970-01-01 .* postgresql-\S+$/));
});

test('apps fit a narrow terminal, and keep their URL', () => {
  const url = 'http://mighty-cove-58060.localhost:5006';
  const app = { name: 'mighty-cove-58060', state: 'crashed', url, release: 1, slugSize: 9, dir: '', pid: 1 };
  const lines = formatApps([app as ListedApp], WIDTH);
  expect(widest(lines)).toBeLessThanOrEqual(WIDTH);
  expect(lines.at(-1)).toContain(url);
});
