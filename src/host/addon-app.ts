import type { AddonApp } from '../addons/world.js';
import type { App } from '../apps/app.js';

/** An app as its add-ons see it. */
export function addonAppOf(app: App): AddonApp {
  const { id, releases } = app;
  return {
    id,
    get name() {
      return app.name;
    },
    ownVars: () => releases.ownVars,
    releasedVars: () => releases.releasedAttached,
    adopt: (attached) => releases.adoptAttached(attached),
    async change(change) {
      await releases.changeAttached(change);
    },
    runJob(command, by) {
      const oneOff = app.dynos.oneOffs.runDetached({ command, env: {}, type: 'scheduler' }, by);
      return { exited: oneOff.exited, stop: () => oneOff.stop() };
    },
    logServer: (process, line) => app.logServer(process, line),
    remark: (line) => app.remark(line),
  };
}
