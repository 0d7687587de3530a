/** A request as read by a dyno that strictly follows RFC 9112. */
export interface StrictRequest {
  readonly method: string;
  readonly target: string;
  /** Names and values alternate. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/** Headers that may occur only once, and not at all as trailers. */
const FRAMING = ['host', 'content-length', 'transfer-encoding'];

/**
 * Reads requests, one after another; `rest` is the beginning of one that is not over.
 * @throws Error for all that two readers might read differently
 */
export function strictRequests(bytes: string): {
  readonly requests: readonly StrictRequest[];
  readonly rest: string;
} {
  const requests: StrictRequest[] = [];
  let rest = bytes;
  for (;;) {
    const read = readOne(rest);
    if (read === undefined) return { requests, rest };
    requests.push(read.request);
    rest = read.rest;
  }
}

function readOne(bytes: string): { readonly request: StrictRequest; readonly rest: string } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  // Also of a head that is not over, every line has to be a proper one.
  const [requestLine = '', ...lines] = bytes
    .slice(0, end < 0 ? bytes.lastIndexOf('\r\n') : end)
    .split('\r\n');
  if (bytes.includes('\r\n') && !REQUEST_LINE.test(requestLine))
    throw new Error(`Request line ${requestLine}`);
  const headers = lines.map(headerOf);
  if (end < 0) return undefined;
  const [, method = '', target = ''] = REQUEST_LINE.exec(requestLine) ?? [];
  const all = (name: string): readonly string[] =>
    headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
  for (const name of FRAMING) if (all(name).length > 1) throw new Error(`Two of ${name}`);
  const [host] = all('host');
  const [length] = all('content-length');
  const [coding] = all('transfer-encoding');
  if (host === undefined || !/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d*)?$/.test(host))
    throw new Error(`Host: ${host}`);
  if (length !== undefined && coding !== undefined) throw new Error('Two lengths');
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new Error(`Content-Length: ${length}`);
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    throw new Error(`Transfer-Encoding: ${coding}`);
  const from = bytes.slice(end + 4);
  const read = coding === undefined ? sized(from, Number(length ?? 0)) : chunked(from);
  if (read === undefined) return undefined;
  const { body, trailers, rest } = read;
  return { request: { method, target, headers, body, trailers }, rest };
}

const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e]+) HTTP\/1\.1$/;
const HEADER =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?((?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?)$/;

function headerOf(line: string): readonly [string, string] {
  const [all, name = '', value = ''] = HEADER.exec(line) ?? [];
  if (all === undefined) throw new Error(`Header ${JSON.stringify(line.slice(0, 200))}`);
  return [name, value];
}

const NO_TRAILERS = /^(?:host|connection|content-length|transfer-encoding|via|x-forwarded-.*|x-request-.*)$/i;

interface Body {
  readonly body: string;
  readonly trailers: readonly (readonly [string, string])[];
  readonly rest: string;
}

function sized(bytes: string, length: number): Body | undefined {
  if (bytes.length < length) return undefined;
  return { body: bytes.slice(0, length), trailers: [], rest: bytes.slice(length) };
}

function chunked(bytes: string): Body | undefined {
  let body = '';
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = bytes.slice(at, lineEnd);
    if (!/^[0-9a-f]{1,8}$/.test(size)) throw new Error(`Chunk size ${JSON.stringify(size.slice(0, 200))}`);
    const from = lineEnd + 2;
    const to = from + Number.parseInt(size, 16);
    if (to === from) return trailed(body, bytes.slice(from));
    if (bytes.length < to + 2) return undefined;
    if (bytes.slice(to, to + 2) !== '\r\n') throw new Error('A chunk that does not end');
    body += bytes.slice(from, to);
    at = to + 2;
  }
}

function trailed(body: string, bytes: string): Body | undefined {
  if (bytes.startsWith('\r\n')) return { body, trailers: [], rest: bytes.slice(2) };
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const trailers = bytes.slice(0, end).split('\r\n').map(headerOf);
  for (const [name] of trailers) if (NO_TRAILERS.test(name)) throw new Error(`Trailer ${name}`);
  return { body, trailers, rest: bytes.slice(end + 4) };
}
