import { ApiError } from '../server/errors.js';

/**
 * What Heroku has and dynosim has not: by the path of its API, and what to do instead if there is something.
 * docs/heroku-cli.md lists it, too.
 */
export const NOT_SIMULATED: readonly (readonly [path: RegExp, answer: string])[] = [
  [
    /^\/(?:apps|teams\/apps|organizations\/apps)$/,
    'dynosim does not create apps: "dynosim start" runs the app of a folder.',
  ],
  [
    /^\/apps\/[^/]+$/,
    'dynosim does not change apps: their name comes from "dynosim start --app NAME", and "dynosim stop" ends them.',
  ],
  [
    /^\/(?:apps\/[^/]+\/)?(?:addons|addon-attachments|addon-services|actions\/addon)/,
    'dynosim does not simulate add-ons: run the service yourself and set its URL with config:set.',
  ],
  [
    /\/(?:builds|slugs|sources|build-cache)|\.git\//,
    "dynosim does not simulate builds: it runs the files of the app's folder as they are.",
  ],
  [/\/buildpack-installations|^\/buildpacks/, 'dynosim does not simulate buildpacks: it builds nothing.'],
  [/\/domains/, 'dynosim does not simulate domains: its router takes every host name for its only app.'],
  [/\/(?:sni-endpoints|ssl-endpoints|acm)/, 'dynosim does not simulate certificates: see "dynosim trust".'],
  [/\/collaborators|\/app-transfers|^\/teams|^\/invitations/, 'dynosim does not simulate teams and access.'],
  [/pipeline|\/review-app|\/test-runs/, 'dynosim does not simulate pipelines.'],
  [/\/webhook/, 'dynosim does not simulate webhooks.'],
  [/^\/spaces|\/vpn|\/peerings/, 'dynosim does not simulate private spaces.'],
  [/^\/client\/|^\/postgres|^\/data\//, 'dynosim does not simulate databases.'],
  [/^\/(?:account|oauth|keys|users)/, 'dynosim does not simulate this of accounts: it has one, of its own.'],
];

/** Why there is no such route: dynosim's own words, as Heroku has the route and dynosim has not. */
export function notSimulated(method: string, path: string): ApiError {
  const [, answer] = NOT_SIMULATED.find(([pattern]) => pattern.test(path)) ?? [];
  const message = answer ?? `dynosim does not simulate ${method} ${path} of Heroku's API.`;
  // What can be read is not there; what was to be done is not done.
  return new ApiError(
    method === 'GET' ? 404 : 501,
    method === 'GET' ? 'not_found' : 'not_simulated',
    message,
  );
}
