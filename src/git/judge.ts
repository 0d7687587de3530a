import type { RefUpdate } from './hook.js';

/** The branches that are built. A push with both builds the first. */
const BUILT = ['refs/heads/main', 'refs/heads/master'];

/** What happens to a push; `text` is shown to the client. */
export type Judgement =
  | { readonly does: 'refuse'; readonly text: string }
  | { readonly does: 'store'; readonly text: string }
  | { readonly does: 'build'; readonly update: RefUpdate; readonly text: string };

const SKIPPED = 'Pushed to branch other than [main, master], skipping build.\n';

/** Decides by its refs what happens to a push. The texts are Heroku's. */
export function judge(updates: readonly RefUpdate[]): Judgement {
  const [update] = BUILT.flatMap((ref) => updates.find((one) => one.ref === ref) ?? []);
  const deleted = updates.find((one) => BUILT.includes(one.ref) && isDeletion(one));
  if (deleted) {
    const branch = deleted.ref.replace('refs/heads/', '');
    return { does: 'refuse', text: `!\tPush rejected, cannot delete ${branch} branch\n` };
  }
  const isOther = (one: RefUpdate): boolean =>
    one.ref.startsWith('refs/heads/') && !BUILT.includes(one.ref) && !isDeletion(one);
  const text = updates.some(isOther) ? SKIPPED : '';
  return update ? { does: 'build', update, text } : { does: 'store', text };
}

function isDeletion({ to }: RefUpdate): boolean {
  return isNone(to);
}

/** git writes zeros where there is no object. */
export function isNone(object: string): boolean {
  return /^0*$/.test(object);
}
