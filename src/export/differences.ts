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
    instead:
      'KEDA and its HTTP add-on do the same for an app with a web process, once you have installed them.',
  },
  {
    on: BOTH,
    heroku:
      'The router logs each request, and answers with an error page and an H code when the app does not.',
    instead: 'Requests are not logged, and error pages come from the proxy in front of the app.',
  },
  {
    on: ['compose'],
    heroku:
      'The router speaks TLS, and ends a request that has no first byte of its response after 30 s (H12).',
    instead: 'The port speaks plain HTTP and has no timeout. Put a proxy in front of it.',
  },
  {
    on: ['kubernetes'],
    heroku:
      'The router speaks TLS, and ends a request that has no first byte of its response after 30 s (H12).',
    instead:
      'If the app sleeps, KEDA ends such a request; otherwise, the ingress controller decides. Set up TLS in the Ingress.',
  },
  {
    on: BOTH,
    heroku: 'A dyno may use more memory than its size has (R14), and is killed at twice that (R15).',
    instead: 'A container is killed when it uses more memory than its size has.',
  },
  {
    on: BOTH,
    heroku: 'Dynos restart once a day.',
    instead: 'Containers run until they exit.',
  },
  {
    on: BOTH,
    heroku: 'A dyno that keeps crashing waits 20 minutes or longer before it restarts.',
    instead: 'A container restarts within seconds or minutes, however often it crashes.',
  },
  {
    on: ['compose'],
    heroku: 'A new release goes live only if its release command succeeds.',
    instead:
      '`docker compose up` waits for the command, and does not start the app if it fails. Swarm does not wait: run the command yourself first.',
  },
  {
    on: ['kubernetes'],
    heroku: 'A new release goes live only if its release command succeeds.',
    instead: 'A Job runs the command. Wait for it to succeed before you apply the rest.',
  },
  {
    on: ['compose'],
    heroku: 'Each deploy and each change of a config var is a release that you can roll back.',
    instead:
      'Swarm can return each process type to its previous version, config vars included. `docker compose` cannot.',
  },
  {
    on: ['kubernetes'],
    heroku: 'Each deploy and each change of a config var is a release that you can roll back.',
    instead: 'Each process type can return to one of its last ten versions, config vars included.',
  },
  {
    on: ['compose'],
    heroku: 'The logs of all dynos form one stream, which log drains can forward.',
    instead:
      'Each container has its own log, which grows without limit unless Docker uses a log driver that rotates, such as `local`.',
  },
  {
    on: ['kubernetes'],
    heroku: 'The logs of all dynos form one stream, which log drains can forward.',
    instead: 'Each container has its own log.',
  },
  {
    on: BOTH,
    heroku: 'Add-ons have backups, limits and upgrades.',
    instead: 'Each add-on is a single server with a volume. Back it up yourself, or use a managed service.',
  },
  {
    on: ['compose'],
    heroku: 'Heroku Scheduler runs jobs.',
    instead: 'cron runs them, once you have added them to a crontab.',
  },
  {
    on: ['kubernetes'],
    heroku: 'Heroku Scheduler runs jobs.',
    instead: 'CronJobs run them.',
  },
  {
    on: BOTH,
    heroku: 'A build gets all config vars.',
    instead: 'The build of the image gets only the variables in the ARG lines of the Dockerfile.',
  },
];

/** A Markdown table of those of an engine. */
export function differencesTable(engine: Engine): readonly string[] {
  const rows = DIFFERENCES.filter(({ on }) => on.includes(engine));
  return [
    '| On Heroku | Here |',
    '| --- | --- |',
    ...rows.map(({ heroku, instead }) => `| ${heroku} | ${instead} |`),
  ];
}
