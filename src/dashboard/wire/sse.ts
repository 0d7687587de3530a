/** An event of a stream of server-sent events. */
export interface StreamEvent {
  /** `message` for an event without a name. */
  readonly name: string;
  /** JSON. */
  readonly data: string;
}

/**
 * Returns a function that turns the pieces of a stream, wherever they are cut, into its complete events. Comments are
 * left out. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createEventParser(): (piece: string) => readonly StreamEvent[] {
  let rest = '';
  let name = 'message';
  let data: string[] = [];
  return (piece) => {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    const events: StreamEvent[] = [];
    for (const line of lines) {
      if (line.startsWith('event: ')) name = line.slice('event: '.length);
      else if (line.startsWith('data: ')) data.push(line.slice('data: '.length));
      else if (line === '') {
        if (data.length > 0) events.push({ name, data: data.join('\n') });
        name = 'message';
        data = [];
      }
    }
    return events;
  };
}
