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
        This page is opened by <code>dynosim dashboard</code>, which also prints a code.
      </p>
      <form onSubmit={submit}>
        <label for="code">Code</label>
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
