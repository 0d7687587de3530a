import { expect, onTestFinished, test } from 'vitest';
import { describeOnMachines } from './helpers/describe.js';
import { exampleApps, RUNS, WITH_ADDONS } from './helpers/examples.js';
import { ExportedApp } from './helpers/exported-app.js';

describeOnMachines('each example as a stack of two machines', (machines) => {
  test('no example is missing here', () => {
    expect([...Object.keys(RUNS), ...WITH_ADDONS].sort()).toEqual(exampleApps());
  });

  test.each(Object.entries(RUNS))('%s', async (name, { answer, ends }) => {
    const greeting = 'GREETING=hello "$USER"';
    const app = new ExportedApp(machines, name, { '.env': `${greeting}\n` });
    onTestFinished(() => app.down());
    await app.export();
    await app.build();
    await app.deploy();
    expect(await app.ask()).toMatch(answer);
    for (const type of Object.keys(ends))
      for (const container of await app.settled(type, 1))
        expect(await app.env(container)).toContain(greeting);
    await app.down();
    await app.ended(ends);
  });
});
