import { type Engine, type ExportedApp, isBelow, type Places } from './app.js';
import { composeFiles } from './compose/compose.js';
import { type ExportFile, signed } from './files.js';
import { dockerfile } from './image/dockerfile.js';
import { needsNode } from './image/source.js';
import { kubernetesFiles } from './kubernetes/kubernetes.js';
import { isWeb } from './roles.js';
import { imageVars } from './size-vars.js';

/** Where exported files are unless the user says otherwise, relative to the app's folder. */
export const DEFAULT_OUT: Readonly<Record<Engine, string>> = {
  compose: 'deploy/compose',
  kubernetes: 'deploy/kubernetes',
};

/** The folders below the app's that have exported files, and with them passwords. */
function exportFolders({ out }: Pick<Places, 'out'>): readonly string[] {
  return [...new Set([...Object.values(DEFAULT_OUT), ...(isBelow(out) ? [out] : [])])];
}

/**
 * The files that run an app on another engine. The same app gives the same bytes.
 * @throws UserError for what the engine cannot take: `NAME_CLASH`, `NAME_EMPTY`, `BAD_CONFIG_NAME`, `BAD_CONFIG_VALUE`
 */
export function exportApp(app: ExportedApp, engine: Engine, places: Places): readonly ExportFile[] {
  const files = engine === 'compose' ? composeFiles(app, places) : kubernetesFiles(app, places);
  return [...files, ...imageFiles(app, places)];
}

function imageFiles(app: ExportedApp, places: Places): readonly ExportFile[] {
  const { source, processes, configVars } = app;
  if (source.from !== 'recipe') return [];
  const secrets = [...exportFolders(places), ...app.envFiles.filter(isBelow)];
  const text = dockerfile({
    ...source,
    sizeEnv: imageVars(app),
    publicVars: Object.fromEntries([...configVars].filter(([name]) => PUBLIC.test(name))),
    secrets,
    command: processes.find(isWeb)?.command,
    runsNode: needsNode(processes.map(({ command }) => command)),
  });
  return [
    signed('Dockerfile', 'Builds the image.', text),
    signed(
      'Dockerfile.dockerignore',
      'What the build does not get.',
      `${[...source.ignored, ...secrets].join('\n')}\n`,
    ),
  ];
}

/** Config vars that tools for pages put into what browsers get, while they build. */
const PUBLIC = /^(?:NEXT_PUBLIC|VITE|REACT_APP|VUE_APP|NUXT_PUBLIC|GATSBY|PUBLIC|EXPO_PUBLIC)_/;
