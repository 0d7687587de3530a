import type { AppView } from '../../../apps/views.js';
import { enumerate } from '../../../base/wording.js';
import { useLive } from '../../live.js';
import { linkTo } from '../../route.js';
import type { AppState } from '../../state/model.js';
import { describeApp, timeLeft } from '../../state/sleep.js';
import { state } from '../../store.js';
import { ActionButton } from '../../ui/notice.js';
import { useNow } from '../../ui/now.js';
import { SleepShape } from '../../ui/shapes.js';

const MINUTES_FORWARD = 31;

/** Whether the app sleeps, and what changes that. */
export function Hero({ app, info }: { app: AppState; info: AppView | undefined }) {
  const { name, sleep, dynos } = app;
  const { clock } = useLive(state);
  const now = useNow();
  const text = describeApp(app, info?.isBlank, clock, now);
  if (!sleep || !text) return <section class="hero" aria-label="Sleep" />;
  const crashed = dynos.filter(({ state }) => state === 'crashed').map(({ name }) => name);
  return (
    <section class={`hero ${text.state}`} aria-label="Sleep">
      <SleepShape state={text.state} />
      <div class="hero-text">
        <p class="headline">{text.headline}</p>
        <p class="detail">{text.detail}</p>
        {info?.isInMaintenance && <p class="detail warn">Maintenance mode is on: every request gets H80.</p>}
        {crashed.length > 0 && (
          <p class="detail bad">
            {enumerate(crashed)} {crashed.length === 1 ? 'has' : 'have'} crashed.{' '}
            <a href={linkTo(name, 'logs')}>See the log</a>
          </p>
        )}
      </div>
      <div class="actions">
        {text.state === 'asleep' && (
          <ActionButton
            label="Wake"
            class="button primary"
            doing={`Waking ${name}`}
            done={`${name} is waking`}
            run={(api) => api.call(name, 'wake')}
          />
        )}
        {text.state === 'awake' && (
          <ActionButton
            label="Put to sleep"
            doing={`Putting ${name} to sleep`}
            done={`${name} is asleep`}
            run={(api) => api.call(name, 'sleep')}
          />
        )}
        {text.state !== 'empty' && (
          <ActionButton
            label={`+${MINUTES_FORWARD} min`}
            name={`+${MINUTES_FORWARD} min of platform time`}
            doing={`Moving platform time ${MINUTES_FORWARD} min forward`}
            done={`Platform time has moved ${MINUTES_FORWARD} min forward`}
            run={(api) => api.advanceClock(MINUTES_FORWARD * 60_000)}
          />
        )}
      </div>
      <IdleWindow left={timeLeft(sleep, clock, now)} of={info?.sleepsAfterMs} />
    </section>
  );
}

interface IdleWindowProps {
  /** How long until the app falls asleep, ms of platform time. */
  readonly left: number | undefined;
  /** How long that is without requests. */
  readonly of: number | undefined;
}

/** How much of the time without requests is left, as a bar: the headline says it in words. */
function IdleWindow({ left, of }: IdleWindowProps) {
  if (left === undefined || of === undefined) return null;
  return (
    <div class="window" aria-hidden="true">
      <div style={{ width: `${Math.min(1, left / of) * 100}%` }} />
    </div>
  );
}
