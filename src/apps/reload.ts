import type { FSWatcher } from 'chokidar';
import type { Clock } from '../base/clock.js';
import { errorMessage, UserError } from '../base/errors.js';
import type { App } from './app.js';
import { readSource } from './source.js';

/** Editors save in several steps; a file is read once nothing has happened to it for this long. */
const SETTLED_AFTER_MS = 100;

/** Watching begins a little after the start, which it would only slow down. */
const BEGIN_AFTER_MS = 300;

/**
 * Deploys an app anew whenever its Procfile or env files change. A file that cannot be used changes nothing but
 * the log. The result ends the watch.
 * The only file that imports chokidar, and only when it is needed.
 */
export function watchFiles(app: App, clock: Clock): () => Promise<void> {
  let watcher: FSWatcher | undefined;
  let isOver = false;
  const redeploySoon = (): void => {
    cancel();
    cancel = clock.after(SETTLED_AFTER_MS, () => void redeploy(app));
  };
  const begin = async (): Promise<void> => {
    const { watch } = await import('chokidar');
    if (isOver) return;
    watcher = watch([...app.release.source.paths], { ignoreInitial: true });
    // Also for what has been changed before the watch began.
    watcher.on('all', redeploySoon).on('ready', redeploySoon);
  };
  let cancel = clock.after(BEGIN_AFTER_MS, () => void begin());
  return async () => {
    isOver = true;
    cancel();
    await watcher?.close();
  };
}

async function redeploy(app: App): Promise<void> {
  try {
    await app.deploy(readSource(app.files));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    app.remark(`v${app.release.version} goes on, the change cannot be used: ${errorMessage(error)}`);
  }
}
