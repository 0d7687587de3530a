import { hasControls, parseAnsi } from '../state/ansi.js';

/** A line with its colours. Whatever it contains stays text. */
export function AnsiText({ text }: { text: string }) {
  if (!hasControls(text)) return <>{text}</>;
  return (
    <>
      {parseAnsi(text).map(({ text, style }, index) =>
        style === '' ? (
          text
        ) : (
          <span key={index} class={style}>
            {text}
          </span>
        ),
      )}
    </>
  );
}
