import type { FormationView } from '../../../apps/views.js';
import { bytes, counted, span } from '../../state/format.js';
import type { AppState, DynoState } from '../../state/model.js';
import { useResult } from '../../ui/api.js';
import { Meter } from '../../ui/meter.js';
import { ActionButton } from '../../ui/notice.js';
import { useNow } from '../../ui/now.js';
import { DynoShape } from '../../ui/shapes.js';
import type { Api } from '../../wire/api.js';

/**
 * The dynos of each process type.
 * @param change a value that differs after the formation may have changed
 */
export function Formation({ app, change }: { app: AppState; change: string }) {
  const { name, dynos, memory } = app;
  const { value: types, problem } = useResult(name, 'formation', [change]);
  const others = types ? dynos.filter(({ type }) => !types.some((known) => known.type === type)) : [];
  if (types?.length === 0 && dynos.length === 0) return null;
  const ordered = [...(types ?? [])].sort(
    (one, other) => Number(other.type === 'web') - Number(one.type === 'web'),
  );
  return (
    <section class="formation" aria-labelledby="dynos">
      <div class="section-head">
        <h2 id="dynos">Dynos</h2>
        {dynos.length > 0 && (
          <ActionButton
            label="Restart all"
            doing="Restarting all dynos"
            done="All dynos are restarting"
            run={(api) => api.call(name, 'restart', { kind: 'all' })}
          />
        )}
      </div>
      {problem && <p class="problem">{problem}</p>}
      {ordered.map((type) => (
        <ProcessType
          key={type.type}
          app={name}
          type={type}
          dynos={dynos.filter((dyno) => dyno.type === type.type)}
          memory={memory}
        />
      ))}
      {others.length > 0 && (
        <div class="type">
          <h3>One-off dynos</h3>
          <Cells app={name} dynos={others} memory={memory} />
        </div>
      )}
    </section>
  );
}

interface ProcessTypeProps {
  readonly app: string;
  readonly type: FormationView;
  readonly dynos: readonly DynoState[];
  readonly memory: AppState['memory'];
}

function ProcessType({ app, type, dynos, memory }: ProcessTypeProps) {
  return (
    <div class="type">
      <div class="type-head">
        <h3>{type.type}</h3>
        <code class="command" title={type.command}>
          {type.command}
        </code>
        <span class="size">{type.size}</span>
        <Scale app={app} type={type} />
      </div>
      {dynos.length === 0 ? <p class="none">No dynos</p> : <Cells app={app} dynos={dynos} memory={memory} />}
    </div>
  );
}

function Scale({ app, type: { type, quantity } }: { app: string; type: FormationView }) {
  const to = (wanted: number) => ({
    doing: `Scaling ${type} to ${wanted}`,
    done: `${type} has ${counted(wanted, 'dyno')}`,
    run: (api: Api) => api.call(app, 'scale', { changes: [{ type, quantity: { to: wanted } }] }),
  });
  return (
    <span class="scale">
      <ActionButton
        label="−"
        name={`Remove one ${type} dyno`}
        isDisabled={quantity === 0}
        {...to(quantity - 1)}
      />
      <strong>{quantity}</strong>
      <ActionButton label="+" name={`Add one ${type} dyno`} {...to(quantity + 1)} />
    </span>
  );
}

function Cells({ app, dynos, memory }: Pick<ProcessTypeProps, 'app' | 'dynos' | 'memory'>) {
  return (
    <ul class="cells">
      {dynos.map((dyno) => (
        <Cell key={dyno.name} app={app} dyno={dyno} used={memory[dyno.name]} />
      ))}
    </ul>
  );
}

function Cell({ app, dyno, used }: { app: string; dyno: DynoState; used: number | undefined }) {
  const { name, state, since, port, restarts, memoryQuota } = dyno;
  const now = useNow();
  const isRunning = state === 'up' || state === 'starting';
  return (
    <li class={`cell ${state}`}>
      <div class="cell-head">
        <DynoShape state={state} />
        <strong>{name}</strong> <span class="word">{state}</span>
        <ActionButton
          label="↻"
          name={`Restart ${name}`}
          class="plain"
          doing={`Restarting ${name}`}
          done={`${name} is restarting`}
          run={(api) => api.call(app, 'restart', { kind: 'dyno', name })}
        />
      </div>
      <dl>
        <div>
          <dt>for</dt>
          <dd>{span(Math.max(0, now - since))}</dd>
        </div>
        <div>
          <dt>port</dt>
          <dd>{port ?? '–'}</dd>
        </div>
        <div>
          <dt>restarts</dt>
          <dd>{restarts}</dd>
        </div>
      </dl>
      {isRunning && used !== undefined && (
        <Meter
          label={`Memory of ${name}`}
          used={used}
          of={memoryQuota}
          text={memoryQuota === undefined ? bytes(used) : `${bytes(used)} of ${bytes(memoryQuota)}`}
        />
      )}
    </li>
  );
}
