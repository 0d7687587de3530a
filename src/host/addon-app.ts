import type { AddonApp, AddonsWorld } from '../addons/world.js';
import type { App } from '../apps/app.js';
import type { Registry } from './registry.js';

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

/** The apps of a host as its add-ons find them. */
export function addonAppsOf(registry: Registry): Pick<AddonsWorld, 'app' | 'appNamed'> {
  return {
    app(id) {
      const found = registry.list().find(({ app }) => app.id === id);
      return found && addonAppOf(found.app);
    },
    appNamed: (name) => addonAppOf(registry.get(name).app),
  };
}
