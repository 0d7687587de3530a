import type { AppView } from '../../../apps/views.js';
import { siteOf } from '../../../base/site.js';
import { linkTo } from '../../route.js';
import { ago, dayTime } from '../../state/format.js';
import type { AppState } from '../../state/model.js';
import { ActionButton } from '../../ui/notice.js';
import { useNow } from '../../ui/now.js';

/** Where the app is, and what runs. */
export function Facts({ app: { name, releases }, info }: { app: AppState; info: AppView | undefined }) {
  const now = useNow();
  const current = releases.find(({ isCurrent }) => isCurrent);
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">App</h2>
      <dl class="facts-list">
        {info && (
          <>
            <dt>URL</dt>
            <dd>
              <a href={siteOf(info.url)} target="_blank" rel="noreferrer">
                {siteOf(info.url).replace(/\/$/, '')}
              </a>
            </dd>
          </>
        )}
        {current && (
          <>
            <dt>Release</dt>
            <dd>
              <a href={linkTo(name, 'releases')}>v{current.version}</a> {current.description}
              <span class="muted" title={dayTime(current.createdAt, now)}>
                {' '}
                {ago(now - current.createdAt)}
              </span>
            </dd>
          </>
        )}
        {info && (
          <>
            <dt>Maintenance</dt>
            <dd class="with-action">
              <span>{info.isInMaintenance ? 'On: every request gets H80' : 'Off'}</span>
              <ActionButton
                label={info.isInMaintenance ? 'Switch off' : 'Switch on'}
                name={`Switch ${info.isInMaintenance ? 'off' : 'on'} maintenance mode`}
                doing={`Switching maintenance mode ${info.isInMaintenance ? 'off' : 'on'}`}
                done={`Maintenance mode is ${info.isInMaintenance ? 'off' : 'on'}`}
                run={(api) => api.call(name, 'setMaintenance', { isOn: !info.isInMaintenance })}
              />
            </dd>
            {info.slugBytes === undefined && !info.isBlank && (
              <>
                <dt>Folder</dt>
                <dd class="path">{info.dir}</dd>
              </>
            )}
          </>
        )}
      </dl>
    </section>
  );
}
