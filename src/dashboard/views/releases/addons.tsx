import type { AttachmentView } from '../../../addons/control.js';
import { enumerate } from '../../../base/wording.js';
import { useAnswer } from '../../ui/api.js';

/** The add-ons that are attached to the app. */
export function Addons({ app, version }: { app: string; version: number }) {
  const { value, problem } = useAnswer(
    async (api) => ({ addons: await api.addons('list'), attachments: await api.addons('attachments') }),
    [app, version],
    `${app} addons`,
  );
  const attached = (value?.attachments ?? []).filter((attachment) => attachment.app === app);
  const addons = (value?.addons ?? []).filter(
    (addon) => addon.app === app || attached.some((attachment) => attachment.addon === addon.name),
  );
  return (
    <section aria-labelledby="addons">
      <h2 id="addons">Add-ons</h2>
      {problem && <p class="problem">{problem}</p>}
      {value && addons.length === 0 && <p class="none">None.</p>}
      <ul class="addons">
        {addons.map(({ id, name, service, plan, state, app: owner }) => (
          <li key={id}>
            <strong>{name}</strong> <span>{`${service}:${plan}`}</span>
            <span class="muted">
              {namesOf(attached, name)}
              {owner !== app && `, owned by ${owner}`}
            </span>
            {state !== 'provisioned' && <span class="tag">{state}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `attached as DATABASE and REPLICA` */
function namesOf(attachments: readonly AttachmentView[], addon: string): string {
  const names = attachments.filter((attachment) => attachment.addon === addon).map(({ name }) => name);
  return names.length === 0 ? 'not attached' : `attached as ${enumerate(names)}`;
}
