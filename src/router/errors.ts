/**
 * The errors that the router itself sends: Heroku's H codes, and refusals of invalid requests. Each is one row.
 */

interface RouterErrorRow {
  readonly status: number;
  readonly desc: string;
  /** `at=` of the log line. */
  readonly at: 'info' | 'warning' | 'error';
  /** `sock=` at the start of the log line: the side that broke the connection. */
  readonly sock?: 'client' | 'backend';
  /** Of the error page, unless it is the app's error. */
  readonly title?: string;
  /** The `Allow` header that a 405 must have. RFC 9110 15.5.6 */
  readonly allow?: string;
}

/** https://devcenter.heroku.com/articles/error-codes */
export const ROUTER_ERRORS = {
  H10: { status: 503, at: 'error', desc: 'App crashed' },
  H11: { status: 503, at: 'error', desc: 'Backlog too deep' },
  H12: { status: 503, at: 'error', desc: 'Request timeout' },
  H13: { status: 503, at: 'error', desc: 'Connection closed without response' },
  H14: { status: 503, at: 'error', desc: 'No web processes running' },
  H15: { status: 503, at: 'error', desc: 'Idle connection' },
  H17: { status: 503, at: 'error', desc: 'Poorly formatted HTTP response' },
  H18: { status: 503, at: 'error', desc: 'Server Request Interrupted', sock: 'backend' },
  H19: { status: 503, at: 'error', desc: 'Backend connection timeout' },
  H20: { status: 503, at: 'error', desc: 'App boot timeout' },
  H21: { status: 503, at: 'error', desc: 'Backend connection refused' },
  /** Followed by what was too large: `HTTP restriction: oversized cookie`. */
  H25: { status: 502, at: 'error', desc: 'HTTP restriction' },
  H27: { status: 499, at: 'warning', desc: 'Client Request Interrupted', sock: 'client' },
  H28: { status: 499, at: 'warning', desc: 'Client Connection Idle' },
  H80: { status: 503, at: 'info', desc: 'Maintenance mode', title: 'Offline for maintenance' },
  // Uncertain: tables from 2024 say 502, older ones 503.
  H81: { status: 502, at: 'info', desc: 'Blank app', title: "There's nothing here, yet" },
  // Uncertain: in 2022 the text was "Free app running time quota exhausted".
  H82: { status: 503, at: 'info', desc: "You've used up your dyno hour pool" },
  H99: { status: 503, at: 'error', desc: 'Platform error' },
} as const satisfies Readonly<Record<`H${number}`, RouterErrorRow>>;

export type RouterErrorCode = keyof typeof ROUTER_ERRORS;

/** Refusals without a code: Router 2.0 has none for them (H26 belonged to the legacy router). */
export const REFUSALS = {
  badRequest: { status: 400, desc: 'Bad request' },
  noSuchApp: { status: 404, desc: 'No such app' },
  noTunnels: {
    status: 405,
    desc: 'CONNECT is not supported',
    allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE',
  },
  tooSlow: { status: 408, desc: 'Request timeout' },
  badExpectation: { status: 417, desc: 'Expectation failed' },
  stopping: { status: 503, desc: 'Stopping' },
} as const satisfies Readonly<Record<string, Pick<RouterErrorRow, 'status' | 'desc' | 'allow'>>>;

export type RefusalName = keyof typeof REFUSALS;

/** Ends a request with an error page, or cuts its connection if the response has begun. */
export class RouterError extends Error {
  override readonly name = 'RouterError';
  readonly code: RouterErrorCode | undefined;
  readonly status: number;
  readonly at: RouterErrorRow['at'];
  readonly sock: RouterErrorRow['sock'];
  readonly title: string;
  readonly allow: string | undefined;

  /**
   * @param reason a row of one of the tables above
   * @param detail added to the description
   */
  constructor(reason: RouterErrorCode | RefusalName, detail?: string) {
    const row: RouterErrorRow = isCode(reason) ? ROUTER_ERRORS[reason] : { at: 'info', ...REFUSALS[reason] };
    super(detail === undefined ? row.desc : `${row.desc}: ${detail}`);
    this.code = isCode(reason) ? reason : undefined;
    this.status = row.status;
    this.at = row.at;
    this.sock = row.sock;
    this.allow = row.allow;
    this.title = row.title ?? (this.code === undefined ? this.message : 'Application error');
  }
}

/** No app has the host name of the request. */
export class NoSuchApp extends RouterError {
  /** @param apps listed on the page of a request to the router itself; undefined for any other host name */
  constructor(readonly apps?: readonly AppAddress[]) {
    super('noSuchApp');
  }
}

/** An app by its name and address. */
export interface AppAddress {
  readonly name: string;
  readonly url: string;
}

/** H27 and H28: the client has left and cannot read an error page. */
export function isClientGone({ status }: RouterError): boolean {
  return status === 499;
}

function isCode(reason: RouterErrorCode | RefusalName): reason is RouterErrorCode {
  return reason in ROUTER_ERRORS;
}
