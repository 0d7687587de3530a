import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { App } from '../../../src/apps/app.js';
import type { ReleaseOutcome } from '../../../src/apps/releasing.js';
import type { Host } from '../../../src/host/host.js';
import { makeFolder } from '../../helpers/folder.js';
import { addAppIn, logged, startTestHost } from '../../helpers/start-host.js';
import { type Answer, call } from '../api/world.js';

/** Two dynos that print A, B and C. */
export const PROCFILE = ['worker', 'clock']
  .map((type) => `${type}: echo "$DYNO has <$A|$B|$C>"; exec sleep 1000\n`)
  .join('');

/** An app named `demo` that runs in a folder of its own. */
export class Demo {
  readonly host: Host;
  readonly app: App;

  constructor(host: Host, app: App) {
    this.host = host;
    this.app = app;
  }

  path(name = '.env'): string {
    return join(this.app.dir, name);
  }

  read(name?: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  save(text: string | Uint8Array, name?: string): void {
    writeFileSync(this.path(name), text);
  }

  /** As most editors save: another file takes the name. */
  saveByRename(text: string, name?: string): void {
    writeFileSync(`${this.path(name)}.new`, text);
    renameSync(`${this.path(name)}.new`, this.path(name));
  }

  set(changes: Readonly<Record<string, string | null>>): Promise<Answer> {
    return call(this.host, 'PATCH', '/apps/demo/config-vars', { body: changes });
  }

  /** What each release did, without the first. */
  get releases(): readonly string[] {
    return this.app.releases.views().flatMap(({ description }, index) => (index === 0 ? [] : [description]));
  }

  logged(pattern: RegExp): Promise<string> {
    return logged(this.app, pattern);
  }

  /** Resolves when both dynos have printed A, B and C. */
  async restarted(vars: string): Promise<void> {
    for (const dyno of ['worker.1', 'clock.1']) await this.logged(literally(`${dyno} has <${vars}>`));
  }

  /** How often dynos have been restarted. */
  get restarts(): number {
    return this.app.logs.recent(1500).filter(({ line }) => line === 'Restarting').length;
  }

  /** Resolves once the files have been read again because of a change that is yet to come. */
  nextReading(): Promise<ReleaseOutcome> {
    const deploy = this.app.releases.deploy.bind(this.app.releases);
    return new Promise((resolve, reject) => {
      vi.spyOn(this.app.releases, 'deploy').mockImplementationOnce((...args) => {
        const outcome = deploy(...args);
        outcome.then(resolve, reject);
        return outcome;
      });
    });
  }
}

function literally(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.|]/g, '\\$&')}$`);
}

export interface Place {
  readonly dir: string;
  /** None: `.env`, if it is there. */
  readonly envFiles?: readonly string[];
}

/** Starts an app in a folder, and waits until its files are watched. */
export async function startWatched({ dir, envFiles = [] }: Place): Promise<Demo> {
  const host = await startTestHost();
  const app = await addAppIn(host, 'demo', { dir, envFiles });
  const demo = new Demo(host, app);
  // The first reading is for what was changed before.
  const isWatched = demo.nextReading();
  await host.startApp(app);
  await isWatched;
  await app.supervisor.settled();
  // The first call loads the routes, which takes longer than an edit.
  await call(host, 'GET', '/apps/demo');
  return demo;
}

/** As `startWatched`, in a new folder. */
export function startDemo(files: Readonly<Record<string, string>>): Promise<Demo> {
  return startWatched({ dir: makeFolder({ Procfile: PROCFILE, ...files }) });
}
