import { useState } from 'preact/hooks';
import type { ReleaseView } from '../../../apps/views.js';
import { Confirm } from '../../ui/confirm.js';
import { useAction } from '../../ui/notice.js';

/** Goes back to an earlier release, after a question. */
export function Rollback({ app, release: { version, description } }: { app: string; release: ReleaseView }) {
  const [isAsking, setAsking] = useState(false);
  const [act, isBusy] = useAction();
  return (
    <>
      <button type="button" class="button" aria-disabled={isBusy} onClick={() => setAsking(true)}>
        Roll back<span class="hidden"> to v{version}</span>
      </button>
      {isAsking && (
        <Confirm
          title={`Roll back to v${version}?`}
          button={`Roll back to v${version}`}
          onClose={() => setAsking(false)}
          onConfirm={() =>
            act({
              doing: `Rolling back to v${version}`,
              done: `Rolled back to v${version}`,
              run: (api) => api.call(app, 'rollback', { version }),
            })
          }
        >
          <p>
            A new release gets the code and config vars of v{version} ({description}), and all dynos restart.
          </p>
        </Confirm>
      )}
    </>
  );
}
