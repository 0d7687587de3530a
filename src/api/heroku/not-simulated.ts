import { ApiError } from '../server/errors.js';

/**
 * Parts of Heroku that dynosim does not simulate, by the API path that would serve them, with an alternative where one
 * exists. docs/heroku-cli.md lists the same.
 */
export const NOT_SIMULATED: readonly (readonly [path: RegExp, answer: string])[] = [
  [/\/(?:sni-endpoints|ssl-endpoints|acm)/, 'dynosim does not simulate certificates: see "dynosim trust".'],
  [/\/sources$/, 'dynosim does not build the app of a folder: see "dynosim host".'],
  [
    /\/collaborators|\/app-transfers|^\/(?:teams|organizations|invitations)/,
    'dynosim does not simulate teams and access.',
  ],
  [/pipeline|\/review-app|\/test-runs/, 'dynosim does not simulate pipelines.'],
  [/\/webhook/, 'dynosim does not simulate webhooks.'],
  [/^\/spaces|\/vpn|\/peerings/, 'dynosim does not simulate private spaces.'],
  [/^\/client\/|^\/postgres|^\/redis|^\/data\//, 'dynosim does not simulate this operation on databases.'],
  [
    /^\/(?:account|oauth|keys|users)/,
    'dynosim does not simulate account management: it has one built-in account.',
  ],
];

/** The error for a request that dynosim does not simulate. */
export function notSimulated(method: string, path: string): ApiError {
  const [, answer] = NOT_SIMULATED.find(([pattern]) => pattern.test(path)) ?? [];
  const message = answer ?? `dynosim does not simulate ${method} ${path} of Heroku's API.`;
  // A read finds nothing; an action must fail visibly.
  return new ApiError(
    method === 'GET' ? 404 : 501,
    method === 'GET' ? 'not_found' : 'not_simulated',
    message,
  );
}
