import type { Time } from '../../base/clock.js';
import type { LogBus } from '../bus.js';
import { Drain, type DrainKind } from './drain.js';
import { httpFraming, syslogFraming } from './frame.js';
import { HttpTransport } from './http-transport.js';
import { SyslogTransport } from './syslog-transport.js';
import { type DrainTarget, type HttpTarget, parseDrainUrl, type SyslogTarget } from './url.js';

/** https://github.com/heroku/logplex/blob/main/src/logplex.app.src */
const HTTP_TARGET_BYTES = 102_400;
const HTTP_RETRIES = 2;
const HTTP_BACK_OFF_MS = { first: 10, most: 5000 };
const SYSLOG_TARGET_BYTES = 4096;
const SYSLOG_BACK_OFF_MS = { first: 30_000, most: 300_000 };

export interface OpenDrainOptions {
  readonly url: string;
  readonly token: string;
  readonly logs: LogBus;
  readonly time: Pick<Time, 'real' | 'wall'>;
}

/**
 * Opens a drain, which gets all further lines.
 * @throws UserError `INVALID_DRAIN_URL`
 */
export function openDrain({ url, ...options }: OpenDrainOptions): Drain {
  const target: DrainTarget = parseDrainUrl(url);
  return target.kind === 'http' ? openHttp(target, options) : openSyslog(target, options, url);
}

function openHttp(target: HttpTarget, options: Omit<OpenDrainOptions, 'url'>): Drain {
  const kind: DrainKind = {
    framing: httpFraming,
    targetBytes: HTTP_TARGET_BYTES,
    retries: HTTP_RETRIES,
    backOffMs: (failures) => doubling(failures, HTTP_BACK_OFF_MS),
  };
  const transport = new HttpTransport({ target, token: options.token, clock: options.time.real });
  return new Drain({ ...options, kind, transport, destination: target.url.host });
}

function openSyslog(target: SyslogTarget, options: Omit<OpenDrainOptions, 'url'>, url: string): Drain {
  const { host, port } = target;
  const kind: DrainKind = {
    framing: syslogFraming(options.token),
    targetBytes: SYSLOG_TARGET_BYTES,
    retries: Number.POSITIVE_INFINITY,
    backOffMs: (failures) => doubling(failures, SYSLOG_BACK_OFF_MS),
    // https://devcenter.heroku.com/articles/error-codes#l14-certificate-validation
    certificateError: (why) =>
      `Error L14 (certificate validation): error="${why}" uri="${withoutSecret(url)}"`,
  };
  const transport = new SyslogTransport({
    target,
    clock: options.time.real,
    onLost: () => drain.connectionLost(),
  });
  const drain = new Drain({ ...options, kind, transport, destination: `${host}:${port}` });
  return drain;
}

/** Removes user name and password. */
function withoutSecret(url: string): string {
  return url.replace(/^([^/]*\/\/)[^/@]*@/, '$1');
}

function doubling(failures: number, { first, most }: { readonly first: number; readonly most: number }) {
  return Math.min(first * 2 ** (failures - 1), most);
}
