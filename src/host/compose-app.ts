import { LogBus } from '../logs/bus.js';
import { defaultFormation } from '../procfile/formation.js';
import { DEFAULTS } from './defaults.js';
import type { NewApp } from './host.js';

/** Fills in the defaults of an app: `DEFAULTS`, and one dyno of each type. */
export function composeApp(setup: Pick<NewApp, 'name' | 'slug' | 'layers'> & Partial<NewApp>): NewApp {
  return {
    ...DEFAULTS.app,
    formation: defaultFormation(setup.slug.processes.keys()),
    logs: new LogBus(),
    ...setup,
  };
}
