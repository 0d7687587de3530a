import { UserError } from '../base/errors.js';
import { RELEASE_COMMAND_MS } from '../base/limits.js';
import type { Exit } from '../base/process.js';
import { DYNO_SIZES, type DynoSizeName } from '../base/sizes.js';
import type { Transcript } from '../base/transcript.js';
import type { OneOff } from '../dynos/one-off.js';
import type { RunWorld } from '../dynos/run-plan.js';
import type { Supervisor } from '../dynos/supervisor.js';
import type { Procfile } from '../procfile/parse.js';
import type { AppLog } from './app-log.js';
import { Attachment } from './attachment.js';
import { type DynoSettings, planRun } from './plan.js';
import type { Release } from './releases.js';
import type { RunRequest } from './requests.js';

/** The process type of one-off dynos. */
const ONE_OFF = 'run';

export interface OneOffsOptions {
  readonly settings: DynoSettings;
  readonly supervisor: Supervisor;
  readonly world: RunWorld;
  readonly log: AppLog;
  /** Whether to refuse more one-off dynos than their size allows. */
  readonly isStrict: boolean;
  /** The release that runs. */
  current(): Release;
  /** The size of dynos of a type, if the request names none. */
  sizeOf(type: string): DynoSizeName;
}

/** Runs commands of one app in dynos of their own. https://devcenter.heroku.com/articles/one-off-dynos */
export class OneOffs {
  readonly #options: OneOffsOptions;

  constructor(options: OneOffsOptions) {
    this.#options = options;
  }

  /**
   * Runs a command of a release in a one-off dyno to its end, which comes after an hour at the latest.
   * @param type the first part of the dyno's name: `release` before the release is live
   * @param output gets what it prints, as the log does
   * @throws UserError `STOPPING`
   */
  async runToEnd(
    type: 'release' | 'run',
    release: Release,
    command: string,
    output: Transcript,
  ): Promise<Exit> {
    const { settings, supervisor, world, log } = this.#options;
    supervisor.requireRunning();
    log.api(`Starting process with command \`${command}\``);
    const size = this.#options.sizeOf(type);
    const oneOff = supervisor.addOneOff(type, (name) =>
      planRun(settings, release, { type, name, command, size }),
    );
    oneOff.start();
    const cancel = world.time.real.after(RELEASE_COMMAND_MS, () => oneOff.stop());
    const unsubscribe = log.onOutput(oneOff.name, (line) => output.add(`${line}\n`));
    const exit = await oneOff.exited;
    cancel();
    unsubscribe();
    return exit;
  }

  /**
   * Runs a command in a one-off dyno whose output goes to the log, so it has no terminal.
   * @param by who runs it, if it is not the user: `scheduler@addons.heroku.com`
   * @throws UserError `STOPPING`, `SIZE_LIMIT`
   */
  runDetached({ terminal: _, ...request }: RunRequest, by?: string): OneOff {
    const oneOff = this.#add(request, false, by);
    oneOff.start();
    return oneOff;
  }

  /**
   * A one-off dyno that waits for a client to attach.
   * @throws UserError `STOPPING`, `SIZE_LIMIT`
   */
  runAttached(request: RunRequest): Attachment {
    return new Attachment(this.#add(request, true), this.#options.world.time.real);
  }

  #add(
    { command, env, size: asked, terminal, type = ONE_OFF }: RunRequest,
    hasClient: boolean,
    by?: string,
  ): OneOff {
    const { settings, current, supervisor, sizeOf } = this.#options;
    supervisor.requireRunning();
    const size = asked ?? sizeOf(ONE_OFF);
    if (type === ONE_OFF) this.#requireRoom(size);
    const release = current();
    const expanded = expandType(command, release.slug.processes);
    this.#options.log.api(`Starting process with command \`${expanded}\``, by);
    const dyno = { type: ONE_OFF, size, command: expanded, extraEnv: env, ...(terminal && { terminal }) };
    return supervisor.addOneOff(type, (name) => ({
      ...planRun(settings, release, { ...dyno, name }),
      hasClient,
      ...(asked && { size: asked }),
    }));
  }

  /**
   * https://devcenter.heroku.com/articles/dyno-scaling-and-process-limits
   * @throws UserError `SIZE_LIMIT` in Heroku's words, as seen for Free dynos
   */
  #requireRoom(size: DynoSizeName): void {
    const { supervisor, sizeOf, isStrict } = this.#options;
    const { oneOffs } = DYNO_SIZES[size];
    const running = supervisor.oneOffs.filter(
      ({ type, run }) => type !== 'release' && (run.plan.size ?? sizeOf(ONE_OFF)) === size,
    );
    if (isStrict && running.length >= oneOffs)
      throw new UserError('SIZE_LIMIT', `Cannot run more than ${oneOffs} ${size} size dynos.`);
  }
}

/** `heroku run worker --once`: https://devcenter.heroku.com/articles/one-off-dynos */
function expandType(command: string, processes: Procfile): string {
  const [, first = '', rest = ''] = /^(\S*)(.*)$/s.exec(command) ?? [];
  const process = processes.get(first);
  return process ? process.command + rest : command;
}
