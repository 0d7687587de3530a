/** An answer of a Redis server in version 2 of its protocol. */
export type Reply = string | number | null | { readonly error: string } | readonly Reply[];

interface Read {
  readonly reply: Reply;
  /** The offset after it. */
  readonly end: number;
}

const NEWLINE = '\r\n';

/** Parses the answers of a Redis server. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export class ReplyParser {
  #rest: Buffer = Buffer.alloc(0);

  /** @returns the answers that are complete */
  push(chunk: Buffer): readonly Reply[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const replies: Reply[] = [];
    for (let next = read(this.#rest, 0); next; next = read(this.#rest, 0)) {
      replies.push(next.reply);
      this.#rest = this.#rest.subarray(next.end);
    }
    return replies;
  }
}

/** @returns undefined if more bytes must come first */
function read(bytes: Buffer, at: number): Read | undefined {
  const lineEnd = bytes.indexOf(NEWLINE, at);
  if (lineEnd === -1) return undefined;
  const end = lineEnd + NEWLINE.length;
  const text = bytes.toString('utf8', at + 1, lineEnd);
  switch (bytes.toString('latin1', at, at + 1)) {
    case '+':
      return { reply: text, end };
    case '-':
      return { reply: { error: text }, end };
    case ':':
      return { reply: Number(text), end };
    case '$':
      return readText(bytes, end, Number(text));
    case '*':
      return readList(bytes, end, Number(text));
    default:
      return { reply: { error: `unexpected answer ${JSON.stringify(text)}` }, end: bytes.length };
  }
}

function readText(bytes: Buffer, at: number, length: number): Read | undefined {
  if (length < 0) return { reply: null, end: at };
  const end = at + length + NEWLINE.length;
  return bytes.length < end ? undefined : { reply: bytes.toString('utf8', at, at + length), end };
}

function readList(bytes: Buffer, at: number, count: number): Read | undefined {
  if (count < 0) return { reply: null, end: at };
  const replies: Reply[] = [];
  let end = at;
  while (replies.length < count) {
    const next = read(bytes, end);
    if (!next) return undefined;
    replies.push(next.reply);
    end = next.end;
  }
  return { reply: replies, end };
}
