import { useState } from 'preact/hooks';
import type { ConfigVars } from '../../../apps/views.js';
import { useAnswer } from '../../ui/api.js';

export interface ConfigVarsProps {
  readonly app: string;
  /** Of the current release. */
  readonly version: number;
}

/** The config vars, which are read when the user asks for them. */
export function ConfigVarsSection(props: ConfigVarsProps) {
  const [isShown, setShown] = useState(false);
  return (
    <section aria-labelledby="config">
      <div class="section-head">
        <h2 id="config">Config vars</h2>
        <button type="button" class="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? 'Hide' : 'Show'} config vars
        </button>
      </div>
      {isShown && <ConfigVarTable {...props} />}
    </section>
  );
}

function ConfigVarTable({ app, version }: ConfigVarsProps) {
  const { value, problem } = useAnswer((api) => api.call(app, 'configVars', {}), [app, version]);
  if (problem) return <p class="problem">{problem}</p>;
  if (!value) return null;
  const vars = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  if (vars.length === 0) return <p class="none">None are set.</p>;
  return (
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
              <code>{value || '(empty)'}</code>
            </td>
            <td class="muted">{originOf(from)}</td>
          </tr>
        ))}
      </tbody>
    </table>
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
