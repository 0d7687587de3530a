import type { AppView } from '../../../apps/views.js';
import { enumerate } from '../../../base/wording.js';
import { useLive } from '../../live.js';
import { linkTo } from '../../route.js';
import type { AppState } from '../../state/model.js';
import { describeSleep, timeLeft } from '../../state/sleep.js';
import { state } from '../../store.js';
import { ActionButton } from '../../ui/notice.js';
import { useNow } from '../../ui/now.js';
import { DynoShape, SleepShape } from '../../ui/shapes.js';

const MINUTES_FORWARD = 31;

/** Whether the app sleeps, and what changes that. */
export function Hero({ app: { name, sleep, dynos }, info }: { app: AppState; info: AppView | undefined }) {
  const { clock } = useLive(state);
  const now = useNow();
  if (!sleep) return <section class="hero" aria-label="Sleep" />;
  if (dynos.length === 0 && info) return <Empty isBlank={info.isBlank} />;
  const crashed = dynos.filter(({ state }) => state === 'crashed').map(({ name }) => name);
  const { headline, detail } = describeSleep(sleep, clock, now);
  return (
    <section class={`hero ${sleep.state}`} aria-label="Sleep">
      <SleepShape state={sleep.state} />
      <div class="hero-text">
        <p class="headline">{headline}</p>
        <p class="detail">{detail}</p>
        {info?.isInMaintenance && <p class="detail warn">Maintenance mode is on: every request gets H80.</p>}
        {crashed.length > 0 && (
          <p class="detail bad">
            {enumerate(crashed)} {crashed.length === 1 ? 'has' : 'have'} crashed.{' '}
            <a href={linkTo(name, 'logs')}>See the log</a>
          </p>
        )}
      </div>
      <div class="actions">
        {sleep.state === 'asleep' && (
          <ActionButton
            label="Wake"
            isPrimary
            doing={`Waking ${name}`}
            done={`${name} is awake`}
            run={(api) => api.call(name, 'wake')}
          />
        )}
        {sleep.state === 'awake' && (
          <ActionButton
            label="Put to sleep"
            doing={`Putting ${name} to sleep`}
            done={`${name} is asleep`}
            run={(api) => api.call(name, 'sleep')}
          />
        )}
        <ActionButton
          label={`+${MINUTES_FORWARD} min`}
          name={`+${MINUTES_FORWARD} min of platform time`}
          doing={`Moving platform time ${MINUTES_FORWARD} min forward`}
          done={`Platform time has moved ${MINUTES_FORWARD} min forward`}
          run={(api) => api.advanceClock(MINUTES_FORWARD * 60_000)}
        />
      </div>
      <IdleWindow left={timeLeft(sleep, clock, now)} of={info?.sleepsAfterMs} />
    </section>
  );
}

function Empty({ isBlank }: { isBlank: boolean }) {
  return (
    <section class="hero empty" aria-label="Sleep">
      <DynoShape state="down" />
      <div class="hero-text">
        <p class="headline">{isBlank ? 'No code yet' : 'No dynos'}</p>
        <p class="detail">
          {isBlank ? 'A push with git deploys it.' : 'All process types are scaled to 0, so nothing runs.'}
        </p>
      </div>
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
