import { ADDON_OPERATIONS, type AddonOperation } from '../addon-operations.js';
import { json, ok, type Route } from '../route.js';

/** Serves `AddonControl` over HTTP, for `api/client/remote-addons.ts`. */
export const addonOperationRoutes: readonly Route[] = Object.entries(ADDON_OPERATIONS).map(
  ([name, { perform }]: [string, AddonOperation<unknown, unknown>]) =>
    json('POST', `/dynosim/addons/${name}`, async ({ control, body }) =>
      // JSON has no undefined.
      ok((await perform(control.addons, body)) ?? null),
    ),
);
