import { answer } from './app/answer.js';
import { boot } from './app/boot.js';
import { config } from './app/config.js';
import { disk } from './app/disk.js';
import { host } from './app/host.js';
import { https } from './app/https.js';
import { inflight } from './app/inflight.js';
import { networkInterface } from './app/interface.js';
import { logs } from './app/logs.js';
import { memory } from './app/memory.js';
import { port } from './app/port.js';
import { release } from './app/release.js';
import { restart } from './app/restart.js';
import { sigterm } from './app/sigterm.js';
import { sleep } from './app/sleep.js';
import { state } from './app/state.js';
import type { Questions } from './examine.js';
import { buildpack } from './files/buildpack.js';
import { dependencies } from './files/dependencies.js';
import { files } from './files/files.js';
import { procfile } from './files/procfile.js';
import { versions } from './files/versions.js';
import { workers } from './files/workers.js';

/**
 * The questions by their IDs, in the order in which they are asked: those about files first, then those that leave the
 * app as it is, those that restart it, and those about what is left when it has ended. Each has a page in `docs/doctor/`.
 */
export const QUESTIONS = {
  procfile,
  files,
  buildpack,
  versions,
  dependencies,
  workers,
  boot,
  port,
  interface: networkInterface,
  answer,
  https,
  host,
  memory,
  inflight,
  restart,
  sleep,
  state,
  sigterm,
  logs,
  disk,
  config,
  release,
} as const satisfies Questions;
