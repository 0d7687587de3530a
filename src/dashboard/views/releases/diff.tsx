import type { ReleaseView } from '../../../apps/views.js';
import { diffConfig } from '../../state/diff.js';
import { useAnswer } from '../../ui/api.js';
import { Secret } from '../../ui/secret.js';

export interface DiffProps {
  readonly app: string;
  readonly release: ReleaseView;
  /** The release before it. */
  readonly previous: ReleaseView | undefined;
}

/** What a release changed in the config vars. */
export function Diff({ app, release: { version, slug }, previous }: DiffProps) {
  const { value, problem } = useAnswer(
    async (api) => ({
      before: previous ? await api.call(app, 'configVars', { version: previous.version }) : {},
      after: await api.call(app, 'configVars', { version }),
    }),
    [app, version, previous?.version],
  );
  if (problem) return <p class="problem">{problem}</p>;
  if (!value) return null;
  const changes = diffConfig(value.before, value.after);
  const since = previous ? `since v${previous.version}` : 'with the first release';
  return (
    <div class="diff">
      <h3>Config vars changed {since}</h3>
      {changes.length === 0 ? (
        <p class="none">None.</p>
      ) : (
        <dl>
          {changes.map(({ name, kind, before, after }) => (
            <div key={name} class={kind}>
              <dt>
                <span class="sign" aria-hidden="true">
                  {{ added: '+', changed: '~', removed: '−' }[kind]}
                </span>
                <code>{name}</code> <span class="muted">{kind}</span>
              </dt>
              {before !== undefined && (
                <dd>
                  <span class="muted">was </span>
                  <Secret name={`${name} before`} value={before} />
                </dd>
              )}
              {after !== undefined && (
                <dd>
                  <span class="muted">is </span>
                  <Secret name={name} value={after} />
                </dd>
              )}
            </div>
          ))}
        </dl>
      )}
      {slug !== undefined && previous && slug !== previous.slug && <p>Its code is new, too.</p>}
    </div>
  );
}
