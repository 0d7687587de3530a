import { useState } from 'preact/hooks';
import type { ConfigVars } from '../../../apps/views.js';
import { useAnswer } from '../../ui/api.js';
import { Secret } from '../../ui/secret.js';

/** The config vars that are set, masked until the user asks for them. */
export function ConfigVarTable({ app, version }: { app: string; version: number }) {
  const [isShown, setShown] = useState(false);
  const { value, problem } = useAnswer((api) => api.call(app, 'configVars', {}), [app, version]);
  const vars = Object.entries(value ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  return (
    <section aria-labelledby="config">
      <div class="section-head">
        <h2 id="config">Config vars</h2>
        {vars.length > 0 && (
          <button type="button" class="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? 'Hide values' : 'Show values'}
          </button>
        )}
      </div>
      {problem && <p class="problem">{problem}</p>}
      {value && vars.length === 0 && <p class="none">None are set.</p>}
      {vars.length > 0 && (
        <table class="config-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Value</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {vars.map(([name, { value, from }]) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>
                  <Secret name={name} value={value} isShown={isShown} />
                </td>
                <td class="muted">{originOf(from)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function originOf(from: ConfigVars[string]['from']): string {
  switch (from.kind) {
    case 'file':
      return from.file;
    case 'addon':
      return from.name;
    case 'store':
      return 'config:set';
  }
}
