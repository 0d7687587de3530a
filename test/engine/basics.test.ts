import { expect, test } from 'vitest';
import { describeOnMachines } from './helpers/describe.js';

describeOnMachines('two machines', (machines) => {
  test('are a swarm', async () => {
    const names = await machines.docker(['node', 'ls', '--format', '{{.Hostname}} {{.Status}}']);
    expect(names.split('\n').sort()).toEqual(['node1 Ready', 'node2 Ready']);
  });
});
