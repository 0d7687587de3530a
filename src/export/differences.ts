/** What Heroku does and the engines do not, as the README beside the files says it. `docs/outgrow.md` has the same table. */

import type { Engine } from './app.js';

interface Difference {
  readonly on: readonly Engine[];
  /** What Heroku and dynosim do. */
  readonly heroku: string;
  /** What happens instead. */
  readonly instead: string;
}

const BOTH: readonly Engine[] = ['compose', 'kubernetes'];

const DIFFERENCES: readonly Difference[] = [
  {
    on: ['compose'],
    heroku: 'Eco dynos sleep after 30 minutes without requests, and the next request wakes them.',
    instead: 'They never sleep.',
  },
  {
    on: ['kubernetes'],
    heroku: 'Eco dynos sleep after 30 minutes without requests, and the next request wakes them.',
    instead: 'KEDA and its HTTP add-on do so, which have to be installed first.',
  },
  {
    on: BOTH,
    heroku: 'The router logs each request, and answers with a page and an H code when the app does not.',
    instead: 'No such log, and the pages of the proxy in front.',
  },
  {
    on: ['compose'],
    heroku: 'The router ends a request without a first byte after 30 s (H12) and speaks TLS.',
    instead: 'The port speaks HTTP and has no timeout. Put a proxy in front.',
  },
  {
    on: ['kubernetes'],
    heroku: 'The router ends a request without a first byte after 30 s (H12) and speaks TLS.',
    instead:
      'For an app that sleeps, KEDA ends it; else the ingress controller decides. TLS is to be set up in the Ingress.',
  },
  {
    on: BOTH,
    heroku: 'A dyno may use more memory than its size has (R14), and is killed at twice as much (R15).',
    instead: 'It is killed at the memory of its size.',
  },
  {
    on: BOTH,
    heroku: 'Dynos restart once a day.',
    instead: 'They run until they end.',
  },
  {
    on: BOTH,
    heroku: 'A dyno that crashes again and again waits 20 minutes and more.',
    instead: 'It restarts within seconds or minutes, again and again.',
  },
  {
    on: ['compose'],
    heroku: 'A new release goes live only if its release command succeeds.',
    instead:
      '"docker compose up" waits for the command, and starts nothing if it fails. Swarm does not: run it yourself, first.',
  },
  {
    on: ['kubernetes'],
    heroku: 'A new release goes live only if its release command succeeds.',
    instead: 'A Job runs it. Wait for that before you apply the rest.',
  },
  {
    on: BOTH,
    heroku: 'Each deploy and each change of a config var is a release, which can be rolled back.',
    instead: 'The engine knows the version before this one, without its config vars.',
  },
  {
    on: BOTH,
    heroku: 'The log of all dynos is one stream, and drains forward it.',
    instead: 'Each container has a log of its own.',
  },
  {
    on: BOTH,
    heroku: 'Add-ons have backups, limits and upgrades.',
    instead: 'They are single servers with a volume. Back up yours, or use a managed service.',
  },
  {
    on: ['compose'],
    heroku: 'Heroku Scheduler runs jobs.',
    instead: 'Nothing does: use cron, with the commands below.',
  },
  {
    on: ['kubernetes'],
    heroku: 'Heroku Scheduler runs jobs.',
    instead: 'CronJobs do.',
  },
  {
    on: BOTH,
    heroku: 'A build gets all config vars.',
    instead: 'The build of the image gets what stands in the ARG lines of the Dockerfile.',
  },
];

/** A Markdown table of those of an engine. */
export function differencesTable(engine: Engine): readonly string[] {
  const rows = DIFFERENCES.filter(({ on }) => on.includes(engine));
  return [
    '| Heroku | here |',
    '| --- | --- |',
    ...rows.map(({ heroku, instead }) => `| ${heroku} | ${instead} |`),
  ];
}
