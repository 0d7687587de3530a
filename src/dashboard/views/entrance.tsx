import { enterWith } from '../wire/session.js';

/** Asks for a code, where the page was opened without one or with one that is no longer valid. */
export function Entrance({ problem }: { problem: string | undefined }) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const code = new FormData(event.currentTarget as HTMLFormElement).get('code');
    if (typeof code === 'string' && code.trim() !== '') void enterWith(code);
  };
  return (
    <main class="entrance">
      <h1>dynosim</h1>
      <p>
        <code>dynosim dashboard</code> opens this page. Or paste here what{' '}
        <code>dynosim dashboard --url</code> prints.
      </p>
      <form onSubmit={submit}>
        <label for="code">Code or URL</label>
        <input id="code" name="code" autocomplete="off" spellcheck={false} aria-describedby="problem" />
        <button type="submit" class="button primary">
          Enter
        </button>
      </form>
      <p id="problem" role="alert">
        {problem}
      </p>
    </main>
  );
}
