import { UserError } from '../base/errors.js';
import { startForGood } from '../base/process.js';

/** The program that opens a URL in the desktop's browser. https://www.freedesktop.org/wiki/Software/xdg-utils/ */
const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer' };

/** Whether a URL can be opened in a browser. Over SSH, for example, there is none. */
export function hasBrowser(
  { BROWSER, DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): boolean {
  if (BROWSER) return BROWSER !== 'none';
  return OPENERS[platform] !== undefined || Boolean(DISPLAY || WAYLAND_DISPLAY);
}

/**
 * Opens a URL in a browser that outlives this process.
 * @throws UserError `NO_BROWSER`
 */
export async function openBrowser(
  url: string,
  { BROWSER }: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Promise<void> {
  // BROWSER may name several commands, separated by colons, and arguments after each. The first command is used.
  const [program = '', ...words] = (BROWSER?.split(':')[0] || OPENERS[platform] || 'xdg-open')
    .trim()
    .split(/\s+/);
  if (program === 'none') return;
  const args = words.includes('%s') ? words.map((word) => (word === '%s' ? url : word)) : [...words, url];
  try {
    await startForGood([program, ...args]);
  } catch {
    throw new UserError(
      'NO_BROWSER',
      `${program} could not be started`,
      'Set BROWSER to a program that can be started.',
    );
  }
}

/** What became of a URL. */
export type Opened =
  | { readonly at: 'opened' }
  /** @param why one sentence, without a full stop */
  | { readonly at: 'shown'; readonly why: string };

/** Opens a URL in a browser if there is one; else a user must be shown it. */
export async function tryBrowser(
  url: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Promise<Opened> {
  if (!hasBrowser(env, platform)) return { at: 'shown', why: 'There is no browser here' };
  try {
    await openBrowser(url, env, platform);
    return { at: 'opened' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { at: 'shown', why: error.message };
  }
}
