import { boot } from './app/boot.js';
import { config } from './app/config.js';
import { networkInterface } from './app/interface.js';
import { port } from './app/port.js';
import type { Questions } from './examine.js';
import { dependencies } from './files/dependencies.js';
import { files } from './files/files.js';
import { procfile } from './files/procfile.js';
import { versions } from './files/versions.js';
import { workers } from './files/workers.js';

/** The questions by their IDs, in the order in which they are asked. Each has a page in `docs/doctor/`. */
export const QUESTIONS = {
  procfile,
  files,
  versions,
  dependencies,
  workers,
  boot,
  port,
  interface: networkInterface,
  config,
} as const satisfies Questions;
