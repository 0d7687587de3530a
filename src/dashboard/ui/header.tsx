import { useLive } from '../live.js';
import { linkTo, VIEWS, type ViewName } from '../route.js';
import { clockTime } from '../state/format.js';
import { connection, state } from '../store.js';
import { logOut } from '../wire/session.js';

export interface HeaderProps {
  readonly app: string | undefined;
  readonly view: ViewName;
  /** All apps of the host. */
  readonly names: readonly string[];
}

/** The top of the page: which app and view is shown, the links to the others, and whether the page is up to date. */
export function Header({ app, view, names }: HeaderProps) {
  const { clock } = useLive(state);
  const isMissing = useLive(connection).at === 'missing';
  return (
    <>
      <header class="header">
        <nav class="trail" aria-label="Apps">
          <a class="wordmark" href="#/">
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M12.9 10.3A5.6 5.6 0 0 1 5.9 3a5.6 5.6 0 1 0 7 7.3z" fill="currentColor" />
            </svg>
            dynosim
          </a>
          {app !== undefined &&
            (names.length > 1 && !isMissing ? (
              <AppChoice app={app} view={view} names={names} />
            ) : (
              <span class="here">{app}</span>
            ))}
        </nav>
        {app !== undefined && !isMissing && (
          <nav class="views" aria-label="Views">
            {Object.entries(VIEWS).map(([name, label]) => (
              <a
                key={name}
                href={linkTo(app, name as ViewName)}
                aria-current={name === view ? 'page' : undefined}
              >
                {label}
              </a>
            ))}
          </nav>
        )}
        <p class="facts">
          {clock && clock.speed !== 1 && (
            <span class="speed" title="Platform time runs faster than real time">
              {clock.speed}× speed
            </span>
          )}
          <ConnectionState />
          <button type="button" class="plain" onClick={() => void logOut()}>
            Log out
          </button>
        </p>
      </header>
      <LostBanner />
    </>
  );
}

function AppChoice({ app, view, names }: { app: string; view: ViewName; names: readonly string[] }) {
  return (
    <select
      aria-label="Switch to app"
      value={app}
      onChange={(event) => {
        location.hash = linkTo(event.currentTarget.value, view);
      }}
    >
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

function ConnectionState() {
  const { at } = useLive(connection);
  const words = { connecting: 'Connecting', live: 'Live', lost: 'Not connected', missing: 'Live' } as const;
  return <span class={`connection ${at === 'missing' ? 'live' : at}`}>{words[at]}</span>;
}

function LostBanner() {
  const now = useLive(connection);
  return (
    <div role="status">
      {now.at === 'lost' && (
        <p class="banner">
          dynosim has not answered since {clockTime(now.since)}. The page shows what was true then, and keeps
          trying to connect.
        </p>
      )}
    </div>
  );
}
