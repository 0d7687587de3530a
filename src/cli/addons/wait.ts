import type { AddonView } from '../../addons/control.js';
import { UserError } from '../../base/errors.js';

/**
 * Waits until an add-on has been created.
 * @param settled its state when nothing happens to it any more
 * @throws UserError `NOT_CREATED`
 */
export async function untilCreated(name: string, settled: () => Promise<AddonView>): Promise<AddonView> {
  const addon = await settled();
  if (addon.state === 'provisioned') return addon;
  throw new UserError('NOT_CREATED', `${name} could not be created: ${addon.problem ?? addon.state}`);
}
