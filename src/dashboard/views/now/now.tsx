import type { AppState } from '../../state/model.js';
import { useResult } from '../../ui/api.js';
import { Activity } from './activity.js';
import { DynoHours } from './dyno-hours.js';
import { Facts } from './facts.js';
import { Formation } from './formation.js';
import { Hero } from './hero.js';
import { Recent } from './recent.js';

/** How the app is at this moment. */
export function Now({ app }: { app: AppState }) {
  const { name, marks, releases, sleep } = app;
  const change = (...kinds: readonly string[]) => marks.findLast(({ kind }) => kinds.includes(kind))?.at;
  const current = releases.find(({ isCurrent }) => isCurrent)?.version;
  const info = useResult(name, 'info', [current, change('maintenance', 'scale'), sleep?.state]);
  return (
    <div class="now">
      <h1 class="hidden">{name}, now</h1>
      <Hero app={app} info={info.value} />
      <div class="columns">
        <div class="main-column">
          <Formation app={app} change={`${current} ${change('scale')}`} />
          <Activity marks={marks} />
        </div>
        <div class="side-column">
          <Facts app={app} info={info.value} />
          <Recent app={app} />
          <DynoHours app={app} />
        </div>
      </div>
    </div>
  );
}
