import { join } from 'node:path';
import { appStateFolder, stateFolder } from '../../api/client/state-folder.js';
import { type Containment, whyNoOverlay } from '../../dynos/contain/index.js';
import type { StartOptions } from './options.js';

/** What `--ephemeral` comes to on this system. */
interface Ephemeral {
  /** As in `TreeSpec`. */
  readonly overlay: string | undefined;
  /** Why it has no effect, a sentence for the first lines. */
  readonly gaps: readonly string[];
}

/**
 * Keeps dynos' changes out of the app's folder, if that was asked for and is possible.
 * @param home as in `AppIdentity`
 */
export async function makeEphemeral(
  { isEphemeral, place }: Pick<StartOptions, 'isEphemeral' | 'place'>,
  home: string,
  containment: Containment,
): Promise<Ephemeral> {
  if (!isEphemeral) return { overlay: undefined, gaps: [] };
  const overlay = join(appStateFolder(stateFolder(process.env), home), 'run');
  const why = await whyNoOverlay(containment, place.dir, overlay);
  if (why === undefined) return { overlay, gaps: [] };
  return {
    overlay: undefined,
    gaps: [`--ephemeral has no effect here, so dynos write to the app's folder itself: ${why}.`],
  };
}
