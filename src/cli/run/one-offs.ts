import type { AppClient } from '../../control/app-client.js';
import { ControlClient } from '../../control/client.js';
import { readToken, stateFolder } from '../../control/state-folder.js';
import type { Wish } from './wish.js';

/** A one-off dyno as the API answers. */
export interface NewDyno {
  readonly name: string;
  /** Where its client attaches; null if none can. */
  readonly attach_url: string | null;
}

/** Asks a running app for a one-off dyno. */
export function createOneOff(
  { name, runtime }: AppClient,
  wish: Wish & { readonly attach: boolean; readonly force_no_tty?: boolean },
): Promise<NewDyno> {
  const client = new ControlClient(runtime.api, ownToken());
  return client.send({ method: 'POST', path: `/apps/${encodeURIComponent(name)}/dynos`, body: wish });
}

/** What this user's dynosims let him in with. */
export function ownToken(): string {
  return readToken(stateFolder(process.env));
}
