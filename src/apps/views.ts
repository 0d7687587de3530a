import type { DynoSizeName } from '../base/sizes.js';
import type { DynoStatus } from '../dynos/dyno.js';

/** What can be seen of an app from outside: plain values, as they are at this moment. */

export interface DynoView {
  /** Of its current run; of the dyno itself if nothing runs. */
  readonly id: string;
  /** `web.1` */
  readonly name: string;
  /** `web` */
  readonly type: string;
  readonly state: DynoStatus;
  readonly size: DynoSizeName;
  readonly command: string;
  /** The release that runs in it. */
  readonly release: number;
  /** Wall-clock ms of the last change of state. */
  readonly since: number;
  readonly port: number | undefined;
  /** The app's own process. */
  readonly pid: number | undefined;
  /** What all its processes use, in bytes: measured when it is asked for, as that takes a while. */
  readonly memory: number | undefined;
}

export interface FormationView {
  readonly type: string;
  readonly command: string;
  readonly quantity: number;
  readonly size: DynoSizeName;
}

export interface ReleaseView {
  readonly id: string;
  readonly version: number;
  readonly description: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly isCurrent: boolean;
  /** Whom the log names: `you@example.com`. */
  readonly user: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
}

/** Which dynos something is meant for. */
export type DynoTarget =
  | { readonly kind: 'all' }
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'dyno'; readonly name: string };
