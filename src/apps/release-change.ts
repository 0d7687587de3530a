import { errorMessage } from '../base/errors.js';
import type { App } from './app.js';
import type { ReleaseListeners } from './app-releases.js';
import type { Release } from './releases.js';
import type { ReleaseOutcome } from './releasing.js';
import type { ReleaseChange, ReleaseView } from './views.js';

/**
 * Makes a release. Resolves before its command runs, if it has one; the log then has what happens to it.
 * @param save called when the release is live or unchanged
 */
export function changeByRelease(
  app: App,
  make: (listeners: ReleaseListeners) => Promise<ReleaseOutcome>,
  save: () => Promise<void>,
): Promise<ReleaseChange> {
  const warnings: string[] = [];
  let isPending = false;
  return new Promise((resolve, reject) => {
    const onCreated = ({ version }: Release, hasCommand: boolean): void => {
      isPending = hasCommand;
      if (hasCommand) resolve({ outcome: 'pending', release: viewOf(app, version), warnings });
    };
    const toEnd = async (): Promise<void> => {
      const made = await make({ onCreated, onWarning: (warning) => warnings.push(warning) });
      await save();
      if (isPending) return;
      const isUnchanged = made.outcome === 'unchanged';
      const { version } = isUnchanged ? app.release : made.release;
      resolve({ outcome: isUnchanged ? 'unchanged' : 'live', release: viewOf(app, version), warnings });
    };
    toEnd().catch((error: unknown) => {
      // The caller has its answer already.
      if (isPending) app.remark(errorMessage(error));
      reject(error);
    });
  });
}

function viewOf({ releases }: App, version: number): ReleaseView {
  const release = releases.views().find((view) => view.version === version);
  if (!release) throw new Error(`There is no release v${version}`);
  return release;
}
