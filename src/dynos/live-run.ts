import { Readable } from 'node:stream';
import type { Cancel } from '../base/clock.js';
import { Emitter } from '../base/emitter.js';
import { errorMessage, unreachable } from '../base/errors.js';
import type { Exit } from '../base/process.js';
import { describeElsewhere } from './advice.js';
import { describeCommand } from './command.js';
import {
  besideTree,
  type Listening,
  type ProcessTree,
  type TerminalSize,
  type TreeSignal,
  type TreeSpec,
} from './contain/index.js';
import { RunIo } from './io.js';
import { LastWords } from './last-words.js';
import { watchBoot } from './readiness.js';
import {
  begin,
  type Effect,
  type KillReason,
  type RunContext,
  type RunEvent,
  type RunState,
  type Transition,
  transition,
} from './run.js';
import type { CommandBeside, DynoLog, RunPlan, RunWorld } from './run-plan.js';
import { RunTimers } from './run-timers.js';
import { runtimeError } from './runtime-errors.js';
import { whenStoppable } from './when-stoppable.js';

/** How long to wait for output after a run's last process is gone. More would mean that nobody reads the log. */
const OUTPUT_PATIENCE_MS = 250;

/** Moments of real time, ms: the beginning of the platform's delay, if any; the start of its process; up. */
interface RunBoot {
  readonly beganAt: number;
  readonly spawnedAt: number;
  readonly upAt: number;
}

/** Carries out what `run.ts` decides: starts and ends processes, sets timers, and writes to the log. */
export class LiveRun {
  /** Unique in the host. */
  readonly id: string;
  readonly plan: RunPlan;
  readonly log: DynoLog;
  readonly io = new RunIo();
  readonly lastWords = new LastWords(this.io.output);
  readonly #world: RunWorld;
  readonly #changed = new Emitter<RunState>();
  readonly #timers: RunTimers;
  #state: RunState | undefined;
  #starting: Promise<void> = Promise.resolve();
  /** Since its first process runs. */
  #tree: ProcessTree | undefined;
  #outputEnd: Promise<void> = Promise.resolve();
  #port: number | undefined;
  #listening: Listening | undefined;
  #beganAt = 0;
  #inspectorPort: number | undefined;
  #isLetDie = false;
  #spawnedAt = 0;
  #bootMs: number | undefined;
  #unwatch: Cancel = () => {};
  #unobserve: readonly Cancel[] = [];

  constructor(id: string, plan: RunPlan, world: RunWorld, log: DynoLog) {
    this.id = id;
    this.plan = plan;
    this.log = log;
    this.#world = world;
    this.#timers = new RunTimers({
      world,
      delayMs: plan.delayMs,
      isHeldUp: () => this.isDebugged,
      onEvent: (event) => this.#send(event),
    });
    if (!plan.hasClient) log.read(this.io.output);
  }

  /** undefined before `start`. */
  get state(): RunState | undefined {
    return this.#state;
  }

  /** The app's own process, from its start to its end. */
  get pid(): number | undefined {
    return this.#state?.status === 'gone' ? undefined : this.#tree?.pid;
  }

  /** The ports on which its processes listen, while it runs and if the system can tell. */
  get ports(): readonly number[] {
    return this.root === undefined ? [] : this.#world.processes.portsOf(this.root);
  }

  /** The ancestor of all its processes, while it runs. */
  get root(): number | undefined {
    return this.pid === undefined ? undefined : this.#tree?.root;
  }

  /** `$PORT`; undefined until it is chosen. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Where it listens; undefined until it does. */
  get listening(): Listening | undefined {
    return this.#listening;
  }

  /** From the start of its process until it was up: real time; undefined until then. */
  get bootMs(): number | undefined {
    return this.#bootMs;
  }

  /** How it came up, real time; undefined until it was up. */
  get boot(): RunBoot | undefined {
    const bootMs = this.#bootMs;
    if (bootMs === undefined) return undefined;
    return { beganAt: this.#beganAt, spawnedAt: this.#spawnedAt, upAt: this.#spawnedAt + bootMs };
  }

  /** Describes a command to run beside its processes; undefined while it has none. */
  specBeside(beside: CommandBeside): TreeSpec | undefined {
    const { pid, port, id: runId } = this;
    if (pid === undefined || port === undefined) return undefined;
    return besideTree(this.plan.spec({ port, runId, beside }), pid);
  }

  /** Where debuggers reach its Node process; undefined until that is known, or if it has no inspector. */
  get inspectorPort(): number | undefined {
    return this.#inspectorPort;
  }

  /** Whether a debugger is attached, so that the run may be stopped at a breakpoint and is not sick. */
  get isDebugged(): boolean {
    return !this.#isLetDie && this.#world.debuggers.holds(this);
  }

  /** From now on, no debugger keeps it from being ended: the app ends. */
  letDie(): void {
    this.#isLetDie = true;
  }

  get hasTerminal(): boolean {
    return this.plan.hasTerminal ?? false;
  }

  /** Resizes its terminal, if it has one. */
  resize(size: TerminalSize): void {
    void this.#starting.then(() => this.#tree?.resize(size));
  }

  /** Sends a signal to all its processes. */
  signal(signal: TreeSignal): void {
    void this.#starting.then(() => this.#tree?.signal(signal));
  }

  /** Calls the listener with every new state, before the effects of the state are carried out. */
  onChange(listener: (state: RunState) => void): () => void {
    return this.#changed.subscribe(listener);
  }

  start(): void {
    this.#unobserve = this.#world.observers.map((observe) => observe(this));
    this.#beganAt = this.#world.time.real.now();
    this.#take(begin(this.plan.delayMs > 0, this.#context()));
  }

  /** Sends SIGTERM to every process, and SIGKILL to those that are left after the shutdown timeout. */
  stop(): void {
    this.#send({ type: 'stop' });
  }

  /** Sends SIGKILL to every process. */
  kill(): void {
    this.#send({ type: 'kill' });
  }

  /** It uses far more memory than its quota: logs R15, and sends SIGKILL to every process. */
  onOutOfMemory(): void {
    this.#send({ type: 'outOfMemory' });
  }

  #send(event: RunEvent): void {
    const step = this.#state && transition(this.#state, event, this.#context());
    if (step) this.#take(step);
  }

  #take({ state, effects }: Transition): void {
    const isNew = state !== this.#state;
    this.#state = state;
    if (state.status === 'gone') this.#over();
    if (isNew && state.status === 'up') this.#bootMs = this.#world.time.real.now() - this.#spawnedAt;
    if (isNew) this.#changed.emit(state);
    for (const effect of effects) this.#carryOut(effect);
  }

  #over(): void {
    this.io.close();
    for (const cancel of this.#unobserve) cancel();
    this.#unobserve = [];
  }

  #context(): RunContext {
    return { now: this.#world.time.wall(), listens: this.plan.listens };
  }

  #carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'spawn':
        this.#spawnedAt = this.#world.time.real.now();
        this.#starting = this.#spawn();
        return;
      case 'watchPort':
        return this.#watchPort();
      case 'unwatchPort':
        return this.#unwatch();
      case 'terminate':
        this.log.say('heroku', 'Stopping all processes with SIGTERM', 'routine');
        return whenStoppable(this, this.#world, () => this.signal('SIGTERM'));
      case 'kill':
        return this.#kill(effect.because);
      case 'arm':
        return this.#timers.arm(effect.timer);
      case 'disarm':
        return this.#timers.disarm(effect.timer);
      default:
        return unreachable(effect);
    }
  }

  async #spawn(): Promise<void> {
    const { ports, containment, timeouts } = this.#world;
    try {
      this.#port = await ports.take();
      this.#inspectorPort = await this.plan.inspector?.port();
      const spec = this.plan.spec({ port: this.#port, runId: this.id, inspectorPort: this.#inspectorPort });
      const command = describeCommand(this.plan.command, spec.env);
      this.log.say('heroku', `Starting process with command \`${command}\``, 'routine');
      this.#sayInspector();
      this.#tree = await containment.start({ ...spec, shutdownMs: timeouts.shutdown });
    } catch (error) {
      return this.#onUnstartable(errorMessage(error));
    }
    this.#outputEnd = this.io.connect(this.#tree);
    void this.#tree.exited.then((exit) => this.#onExited(exit));
    this.#send({ type: 'spawned' });
  }

  #sayInspector(): void {
    if (this.#inspectorPort === undefined) return;
    const where = `127.0.0.1:${this.#inspectorPort}`;
    const { isBreaking } = this.plan.inspector ?? {};
    this.log.say('dynosim', isBreaking ? `waits for a debugger on ${where}` : `inspector on ${where}`);
  }

  #onUnstartable(reason: string): void {
    const line = `could not be started: ${reason}`;
    this.log.say('dynosim', line);
    if (this.plan.hasClient)
      this.#outputEnd = this.io.output.connect(Readable.from([Buffer.from(`${line}\n`)]));
    void this.#onExited({ status: 126 });
  }

  async #onExited(exit: Exit): Promise<void> {
    await this.#outputOver();
    // Of its own accord, or by SIGTERM.
    const isRoutine = exit.status === 0 || exit.status === 143;
    this.log.say('heroku', `Process exited with status ${exit.status}`, isRoutine ? 'routine' : undefined);
    this.#send({ type: 'exited', exit });
  }

  #outputOver(): Promise<void> {
    return new Promise((resolve) => {
      const giveUp = this.#world.time.real.after(OUTPUT_PATIENCE_MS, resolve);
      void this.#outputEnd.then(() => {
        giveUp();
        resolve();
      });
    });
  }

  #watchPort(): void {
    const tree = this.#tree;
    const port = this.#port;
    if (!tree || port === undefined) return;
    const { time, timeouts, processes } = this.#world;
    const boot = { tree, port, timeoutMs: timeouts.boot };
    this.#unwatch = watchBoot(boot, time.real, processes.portsOf, {
      listening: (where) => this.#onListening(where),
      elsewhere: (ports) => this.log.say('dynosim', describeElsewhere(port, ports)),
    });
  }

  #onListening(where: Listening): void {
    this.#listening = where;
    if (where.isLoopback) {
      this.log.say(
        'dynosim',
        `listens on ${where.host} only: works here, but is an R10 (Boot timeout) on Heroku. Bind 0.0.0.0`,
      );
    }
    this.#send({ type: 'listening' });
  }

  #kill(because: KillReason): void {
    const { boot, shutdown } = this.#world.timeouts;
    if (because === 'R10' || because === 'R15') {
      this.log.say('heroku', runtimeError(because, boot));
      this.log.say('heroku', 'Stopping process with SIGKILL');
    } else {
      if (because === 'R12') this.log.say('heroku', runtimeError('R12', shutdown));
      this.log.say('heroku', 'Stopping remaining processes with SIGKILL');
    }
    this.signal('SIGKILL');
  }
}
