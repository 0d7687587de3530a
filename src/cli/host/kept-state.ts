import { findHosts, type HostAddress } from '../../api/client/discovery.js';
import { openState } from '../connect.js';
import { hostState } from './options.js';

/** The host of many apps, if it runs, and the state folder in which it keeps them. */
export async function findKept(): Promise<{ readonly host: HostAddress | undefined; readonly kept: string }> {
  const { state, token } = openState();
  const [host] = await findHosts(state, token);
  return { host, kept: host?.state ?? hostState({}, process.env) };
}
