import { expect, test } from 'vitest';
import { openDiagnostics, silentDiagnostics } from '../../../src/logs/diagnostics.js';

test('diagnostics are JSON lines', async () => {
  const written: string[] = [];
  const diagnostics = await openDiagnostics({ write: (text) => written.push(text) });
  diagnostics.debug('spawned', { pid: 12 });
  diagnostics.warn('odd');
  const [spawned, odd] = written.map((line) => JSON.parse(line));
  expect(spawned).toMatchObject({ level: 20, msg: 'spawned', pid: 12 });
  expect(odd).toMatchObject({ level: 40, msg: 'odd' });
  expect(new Date(odd.time).getTime()).toBeGreaterThan(0);
});

test('silent diagnostics say nothing', () => {
  expect(silentDiagnostics.debug('spawned')).toBeUndefined();
  expect(silentDiagnostics.warn('odd')).toBeUndefined();
});
