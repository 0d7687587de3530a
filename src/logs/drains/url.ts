import { UserError } from '../../base/errors.js';

export type DrainTarget = HttpTarget | SyslogTarget;

export interface HttpTarget {
  readonly kind: 'http';
  readonly url: URL;
  readonly isVerified: boolean;
}

export interface SyslogTarget {
  readonly kind: 'syslog';
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly isVerified: boolean;
}

/** https://github.com/heroku/logplex, `valid_uri` of src/logplex_tcpsyslog_drain.erl and logplex_tlssyslog_drain.erl */
const SYSLOG_PORTS: Readonly<Record<string, number>> = { 'syslog:': 601, 'syslog+tls:': 6514 };

/** Stricter than `URL`, which corrects some mistakes. */
const WHOLE_URL = /^[a-z+]+:\/\/[^\s/]\S*$/i;
/** `URL` does not check the host of an unknown scheme. IPv6 addresses are in brackets. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i;

/**
 * Parses a drain's URL. As on Heroku, `#insecure` at its end accepts any certificate.
 * https://devcenter.heroku.com/articles/log-drains
 * @throws UserError `INVALID_DRAIN_URL`
 */
export function parseDrainUrl(text: string): DrainTarget {
  const url = WHOLE_URL.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !HOST.test(url.hostname) || url.port === '0' || !isDecodable(url)) throw invalid();
  const isVerified = url.hash !== '#insecure';
  if (url.protocol === 'http:' || url.protocol === 'https:') return { kind: 'http', url, isVerified };
  const defaultPort = SYSLOG_PORTS[url.protocol];
  if (defaultPort === undefined) throw invalid();
  return {
    kind: 'syslog',
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? defaultPort : Number(url.port),
    isTls: url.protocol === 'syslog+tls:',
    isVerified,
  };
}

/** Whether user name and password are valid. */
function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}:${password}`);
    return true;
  } catch {
    return false;
  }
}

/** The wording of Heroku's API. */
function invalid(): UserError {
  return new UserError(
    'INVALID_DRAIN_URL',
    'Url is invalid.',
    'A log drain is http://, https://, syslog:// or syslog+tls://, with a host, for example: syslog+tls://logs.example.com:6514',
  );
}
