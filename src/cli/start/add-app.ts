import type { App } from '../../apps/app.js';
import type { Containment } from '../../dynos/contain/index.js';
import { composeApp } from '../../host/compose-app.js';
import type { Host, NewApp } from '../../host/host.js';
import type { AppIdentity } from '../../host/identity.js';
import { makeEphemeral } from './ephemeral.js';
import { inspectorRemarks, shellInspectors } from './inspectors.js';
import type { StartOptions } from './options.js';

type AppParts = Pick<NewApp, 'slug' | 'layers' | 'files' | 'formation' | 'logs' | 'onCrash'>;

export interface AddedApp {
  readonly app: App;
  /** What cannot be done on this system, a sentence each. */
  readonly gaps: readonly string[];
}

/**
 * Adds the app that flags of `start` describe to a host. It runs nothing yet.
 * @throws UserError as `Host.addApp`
 */
export async function addStartedApp(
  host: Host,
  options: StartOptions,
  world: { readonly identity: AppIdentity; readonly containment: Containment },
  parts: AppParts & Partial<NewApp>,
): Promise<AddedApp> {
  const { id, home, isPrivate } = world.identity;
  const { overlay, gaps } = await makeEphemeral(options, home, world.containment);
  const inspectors = options.inspectors ?? shellInspectors(process.env);
  const setup = composeApp({
    ...options,
    name: options.appName,
    id,
    isPrivate,
    overlay,
    inspectors,
    ...parts,
  });
  const remarks = inspectors ? inspectorRemarks(inspectors, setup) : [];
  return { app: await host.addApp(setup), gaps: [...gaps, ...remarks] };
}
