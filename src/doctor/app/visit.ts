import type { Reply, Request } from './request.js';

type Protocol = Request['protocol'];

/** One request of a visit, and its answer. */
interface Hop {
  readonly protocol: Protocol;
  readonly path: string;
  readonly reply: Reply;
  /** Where the answer leads, if it is to the same app. */
  readonly next?: Pick<Hop, 'protocol' | 'path'>;
}

/** What a browser sees that follows redirects. */
export interface Visit {
  /** At least one. */
  readonly hops: readonly Hop[];
  /** Whether the redirects never end. */
  readonly isLoop: boolean;
}

/** More than any sane app, fewer than browsers follow. */
const MOST_HOPS = 8;

/**
 * Asks for a path, and follows redirects within the app.
 * @param ask sends one request
 * @param host the name by which the app is asked, which may have a port
 */
export async function visit(
  ask: (protocol: Protocol, path: string) => Promise<Reply>,
  host: string,
  protocol: Protocol,
  path: string,
): Promise<Visit> {
  const hops: Hop[] = [];
  for (let at: Hop['next'] = { protocol, path }; at; ) {
    if (hops.length === MOST_HOPS || hops.some((hop) => isSame(hop, at))) return { hops, isLoop: true };
    const reply = await ask(at.protocol, at.path);
    const next = nextOf(reply, at, host);
    hops.push({ protocol: at.protocol, path: at.path, reply, ...(next && { next }) });
    at = next;
  }
  return { hops, isLoop: false };
}

function isSame(
  one: Pick<Hop, 'protocol' | 'path'>,
  other: Pick<Hop, 'protocol' | 'path'> | undefined,
): boolean {
  return one.protocol === other?.protocol && one.path === other.path;
}

function nextOf(reply: Reply, { protocol, path }: Pick<Hop, 'protocol' | 'path'>, host: string): Hop['next'] {
  if (reply.at !== 'answered' || reply.status < 300 || reply.status > 399) return undefined;
  const { location } = reply;
  const own = `${protocol}://${host}${path}`;
  if (location === undefined || !URL.canParse(location, own)) return undefined;
  const url = new URL(location, own);
  if (url.hostname !== new URL(own).hostname) return undefined;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  return { protocol: url.protocol === 'https:' ? 'https' : 'http', path: `${url.pathname}${url.search}` };
}

/** The answer to the first request. */
export function firstReply({ hops }: Visit): Reply {
  return hops[0]?.reply ?? { at: 'silent' };
}

/** The answer to the last request. */
export function lastReply({ hops }: Visit): Reply {
  return hops.at(-1)?.reply ?? { at: 'silent' };
}

/** Whether the app redirects to the page that was asked for: it means another protocol, which it does not recognize. */
export function isAboutProtocol({ hops, isLoop }: Visit): boolean {
  return isLoop && hops.some(({ path, next }) => next?.path === path);
}
