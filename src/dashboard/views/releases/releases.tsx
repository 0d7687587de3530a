import { useState } from 'preact/hooks';
import type { ReleaseView } from '../../../apps/views.js';
import { dayTime } from '../../state/format.js';
import type { AppState } from '../../state/model.js';
import { useResult } from '../../ui/api.js';
import { wallNow } from '../../wire/time.js';
import { Addons } from './addons.js';
import { ConfigVarTable } from './config-vars.js';
import { Diff } from './diff.js';
import { Rollback } from './rollback.js';

/** What ran when, with which config vars and add-ons. */
export function Releases({ app }: { app: AppState }) {
  const { name } = app;
  const releases = useResult(name, 'releases', [app.releases]);
  const newestFirst = [...(releases.value ?? [])].reverse();
  const current = newestFirst.find(({ isCurrent }) => isCurrent);
  return (
    <div class="releases">
      <h1>Releases and config</h1>
      {releases.problem && <p class="problem">{releases.problem}</p>}
      <section aria-labelledby="releases">
        <h2 id="releases">Releases</h2>
        {releases.value && <ReleaseTable app={name} releases={newestFirst} />}
      </section>
      {current && (
        <>
          <ConfigVarTable app={name} version={current.version} />
          <Addons app={name} version={current.version} />
        </>
      )}
    </div>
  );
}

const SHOWN = 50;

function ReleaseTable({ app, releases }: { app: string; releases: readonly ReleaseView[] }) {
  const [opened, setOpened] = useState<number>();
  return (
    <table class="release-table stacked">
      <thead>
        <tr>
          <th scope="col">Version</th>
          <th scope="col">Change</th>
          <th scope="col">Status</th>
          <th scope="col">When</th>
          <th scope="col">By</th>
          <th scope="col">
            <span class="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {releases.slice(0, SHOWN).map((release, index) => (
          <Release
            key={release.version}
            app={app}
            release={release}
            previous={releases[index + 1]}
            isOpen={release.version === opened}
            onOpen={() => setOpened(release.version === opened ? undefined : release.version)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface ReleaseProps {
  readonly app: string;
  readonly release: ReleaseView;
  readonly previous: ReleaseView | undefined;
  readonly isOpen: boolean;
  onOpen(): void;
}

function Release({ app, release, previous, isOpen, onOpen }: ReleaseProps) {
  const { version, description, isCurrent, createdAt, user, canRunAgain, failure } = release;
  const details = `release-${version}`;
  return (
    <>
      <tr class={isOpen ? 'release open' : 'release'}>
        <th scope="row">
          <button
            type="button"
            class="row-button"
            aria-expanded={isOpen}
            aria-controls={details}
            onClick={onOpen}
          >
            v{version}
          </button>
        </th>
        <td class="change">{description}</td>
        <td class={`release-status ${isCurrent ? 'current' : release.status}`}>
          {isCurrent ? 'current' : release.status === 'succeeded' ? '' : release.status}
          {failure && <span class="muted"> {failure}</span>}
        </td>
        <td class="when">{dayTime(createdAt, wallNow())}</td>
        <td class="by">{user}</td>
        <td class="row-actions">{!isCurrent && canRunAgain && <Rollback app={app} release={release} />}</td>
      </tr>
      {isOpen && (
        <tr class="details" id={details}>
          <td colSpan={6}>
            <Diff app={app} release={release} previous={previous} />
          </td>
        </tr>
      )}
    </>
  );
}
