import { useSignalEffect } from '@preact/signals';
import { keepCurrent, state } from './store.js';
import { Entrance } from './views/entrance.js';
import { session } from './wire/session.js';

export function Page() {
  const now = session.value;
  useSignalEffect(() => {
    if (session.value.at !== 'inside') return;
    const end = new AbortController();
    void keepCurrent(session.value.api, end.signal);
    return () => end.abort();
  });
  if (now.at === 'entering') return null;
  if (now.at === 'outside') return <Entrance problem={now.problem} />;
  return (
    <main>
      {[...state.value.apps.values()].map(({ name, dynos }) => (
        <section key={name} aria-label={name}>
          <h1>{name}</h1>
          <ul>
            {dynos.map((dyno) => (
              <li key={dyno.name}>
                {dyno.name} {dyno.state}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </main>
  );
}
