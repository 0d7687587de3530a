import { useState } from 'preact/hooks';
import type { SleepView } from '../../apps/sleep/views.js';
import { useLive } from '../live.js';
import { linkTo } from '../route.js';
import { type AppState, emptyApp } from '../state/model.js';
import { describeSleep } from '../state/sleep.js';
import { inNumbers } from '../state/summary.js';
import { connection, state } from '../store.js';
import { useNow } from '../ui/now.js';
import { DynoShape, SleepShape } from '../ui/shapes.js';

/** From so many apps on, there is a field to find one. */
const MANY = 8;

/** The apps of a host, a card each. */
export function Apps() {
  const [wanted, setWanted] = useState('');
  const { names, apps } = useLive(state);
  const { at } = useLive(connection);
  const all = names.map((name) => apps.get(name) ?? emptyApp(name));
  const shown = all.filter(({ name }) => name.includes(wanted.trim().toLowerCase()));
  if (at === 'connecting') return null;
  return (
    <div class="apps">
      <div class="section-head">
        <h1>Apps</h1>
        {all.length > 0 && <span class="muted">{inNumbers(all)}</span>}
      </div>
      {all.length >= MANY && (
        <search class="filters" aria-label="Find an app">
          <label>
            <span>Name</span>
            <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
          </label>
        </search>
      )}
      {all.length === 0 && (
        <p class="none">
          There are no apps yet. <code>dynosim create</code> makes one, and <code>git push heroku main</code>{' '}
          deploys it.
        </p>
      )}
      <ul class="cards">
        {shown.map((app) => (
          <Card key={app.name} app={app} />
        ))}
      </ul>
      {all.length > 0 && shown.length === 0 && <p class="none">No app has that in its name.</p>}
    </div>
  );
}

function Card({ app: { name, sleep, dynos, releases } }: { app: AppState }) {
  const current = releases.find(({ isCurrent }) => isCurrent);
  const crashed = dynos.filter(({ state }) => state === 'crashed');
  return (
    <li class={`card ${sleep?.state ?? ''} ${crashed.length > 0 ? 'has-crashed' : ''}`}>
      <h2>
        <a href={linkTo(name)}>{name}</a>
        {current && <span class="muted"> v{current.version}</span>}
      </h2>
      <p class="card-sleep">
        {dynos.length > 0 && crashed.length === dynos.length ? (
          <>
            <DynoShape state="crashed" />
            Crashed
          </>
        ) : sleep && dynos.length > 0 ? (
          <>
            <SleepShape state={sleep.state} />
            <Headline sleep={sleep} />
          </>
        ) : (
          <span class="muted">No dynos</span>
        )}
      </p>
      <ul class="card-dynos">
        {dynos.map(({ name, state }) => (
          <li key={name} class={state}>
            <DynoShape state={state} />
            {name} <span class="word">{state}</span>
          </li>
        ))}
      </ul>
    </li>
  );
}

/** Alone is drawn again every second. */
function Headline({ sleep }: { sleep: SleepView }) {
  return <>{describeSleep(sleep, useLive(state).clock, useNow()).headline}</>;
}
