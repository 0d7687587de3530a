import { withoutKept } from '../base/node-options.js';
import { type DynoSizeName, limitsOf } from '../base/sizes.js';
import type { AppFolderReader } from '../config/app-folder.js';
import {
  buildDynoEnv,
  type DynoEnvSources,
  type DynoMetadata,
  type Environment,
} from '../config/dyno-env.js';
import { type BuildpackEnv, languageVars } from '../config/language-env.js';
import { specOf } from '../dynos/command.js';
import type { TerminalSize } from '../dynos/contain/index.js';
import type { InspectorPorts } from '../dynos/inspector/ports.js';
import { addInspector } from '../dynos/inspector/variables.js';
import type { RunInspector, RunPlan } from '../dynos/run-plan.js';
import type { Features } from './features.js';
import type { Release } from './releases.js';
import type { RequestsInFlight } from './requests-in-flight.js';

/** Process types whose dynos are treated in a special way. */
export type ChosenTypes = 'all' | readonly string[];

/** The process types whose Node processes have inspectors. */
export interface Inspectors {
  readonly types: ChosenTypes;
  /** Those of them that stop at their start until a debugger continues them. */
  readonly breaking: ChosenTypes;
  /** The port of the first dyno, if it is free. Default: Node's. */
  readonly firstPort?: number | undefined;
}

/** The size of a dyno's terminal until a client is attached: what terminals usually begin with. */
const USUAL_TERMINAL: TerminalSize = { columns: 80, rows: 24 };

/** What a dyno with a terminal gets if dynosim was started without one. */
const USUAL_TERM = ['TERM', 'xterm-256color'] as const;

/** Settings that all dynos of an app share. */
export interface DynoSettings {
  readonly appId: string;
  appName(): string;
  /** The environment dynosim was started with. */
  readonly shell: Environment;
  readonly isCleanEnv: boolean;
  /** Whether the log is shown where there are colors. */
  readonly hasColor: boolean;
  readonly buildpackEnv: BuildpackEnv;
  readonly folders: AppFolderReader;
  readonly overlay?: string | undefined;
  readonly terminals?: ChosenTypes | undefined;
  readonly inspectors?: Inspectors | undefined;
  readonly inspectorPorts: Pick<InspectorPorts, 'of'>;
  /** In place of the memory of their sizes, bytes. */
  readonly memoryQuota?: number | undefined;
  readonly features: Features;
  readonly requests: RequestsInFlight;
  /** Called with the memory of a dyno, in bytes, whenever that is measured. */
  onMemory?(dyno: string, bytes: number): void;
}

/** A dyno to run. */
export interface DynoRequest {
  readonly type: string;
  /** `web.1` */
  readonly name: string;
  readonly command: string;
  /** Default: Eco. */
  readonly size?: DynoSizeName | undefined;
  /** Config vars of this dyno alone. */
  readonly extraEnv?: Readonly<Record<string, string>>;
  /** Whether what it prints goes nowhere but to the log. */
  readonly isLogged?: boolean;
  /** Gives it a terminal of this size. */
  readonly terminal?: TerminalSize;
  readonly inspector?: RunInspector;
}

/** Describes a run of a dyno of the formation, of this release. */
export function planFormationRun(
  settings: DynoSettings,
  release: Release,
  { type, name, size }: Pick<DynoRequest, 'type' | 'name' | 'size'>,
): RunPlan {
  const command = release.slug.processes.get(type)?.command ?? '';
  const terminal = isChosen(type, settings.terminals) && { terminal: USUAL_TERMINAL };
  const inspector = inspectorOf(settings, type, name);
  return planRun(settings, release, { type, name, size, command, isLogged: true, ...terminal, ...inspector });
}

function isChosen(type: string, types: ChosenTypes = []): boolean {
  return types === 'all' || types.includes(type);
}

function inspectorOf(
  { inspectors, inspectorPorts }: DynoSettings,
  type: string,
  dyno: string,
): Pick<DynoRequest, 'inspector'> {
  if (!isChosen(type, inspectors?.types)) return {};
  const isBreaking = isChosen(type, inspectors?.breaking);
  return { inspector: { isBreaking, port: () => inspectorPorts.of(dyno) } };
}

/** Describes a run of any dyno, of this release. */
export function planRun(settings: DynoSettings, release: Release, request: DynoRequest): RunPlan {
  const { shell, isCleanEnv, hasColor, overlay } = settings;
  const { id, dir } = release.slug;
  const { name, command, size = 'Eco', extraEnv = {}, terminal, inspector, isLogged = false } = request;
  // A build has written what its language needs into the slug's .profile.d.
  const own: Pick<DynoEnvSources, 'defaults' | 'binDirs' | 'home'> =
    id === undefined ? folderEnv(settings, dir, size) : { home: dir };
  return {
    name,
    // https://devcenter.heroku.com/articles/procfile#special-process-types
    listens: request.type === 'web',
    command,
    release: release.version,
    delayMs: 0,
    requests: settings.requests,
    onMemory: (bytes) => settings.onMemory?.(name, bytes),
    hasTerminal: terminal !== undefined,
    ...(inspector && { inspector }),
    limits: limitsOf(size, settings.memoryQuota),
    ...(settings.features.has('log-runtime-metrics') && {
      metrics: { dyno: name, appId: settings.appId },
    }),
    spec: ({ port, runId, beside: guest, inspectorPort }) => {
      const beside = guest ?? { command, env: {}, ...(terminal && { terminal }) };
      const env = buildDynoEnv({
        // Inspectors on the same port would collide: dynos have ports of their own instead.
        shell: withoutKept(shell, settings.inspectors === undefined),
        isClean: isCleanEnv,
        hasColor: hasColor && isLogged && guest === undefined,
        configVars: new Map<string, { value: string }>([
          ...release.config,
          ...valued(extraEnv),
          ...valued(beside.env),
        ]),
        dyno: name,
        port,
        ...own,
        ...(terminal && { defaults: [...(own.defaults ?? []), USUAL_TERM] }),
        ...(settings.features.has('runtime-dyno-metadata') && {
          metadata: metadataOf(settings, release, runId),
        }),
      });
      if (inspector && inspectorPort !== undefined)
        addInspector(env, { port: inspectorPort, isBreaking: inspector.isBreaking });
      return specOf(beside.command, size, {
        name,
        cwd: dir,
        env,
        ...(overlay !== undefined && { overlay }),
        ...(beside.terminal && { terminal: beside.terminal }),
      });
    },
  };
}

function valued(
  env: Readonly<Record<string, string>>,
): readonly (readonly [string, { readonly value: string }])[] {
  return Object.entries(env).map(([key, value]) => [key, { value }]);
}

/** What the folder of an app that is not built adds to the environment of a dyno of this size. */
function folderEnv(
  { folders, buildpackEnv }: DynoSettings,
  dir: string,
  size: DynoSizeName,
): Pick<DynoEnvSources, 'defaults' | 'binDirs'> {
  const { languages, binDirs } = folders.read(dir);
  return { defaults: languageVars(languages, size, buildpackEnv), binDirs };
}

function metadataOf({ appId, appName }: DynoSettings, release: Release, dynoId: string): DynoMetadata {
  const { version, createdAt, description, slug } = release;
  const { commit } = slug;
  return {
    appId,
    appName: appName(),
    domain: `${appName()}.localhost`,
    dynoId,
    release: { version, createdAt, description, ...(commit !== undefined && { commit }) },
  };
}
