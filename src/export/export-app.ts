import type { ExportedApp, ExportFile } from './app.js';
import { composeFiles, type Places } from './compose/compose.js';
import { dockerfile } from './image/dockerfile.js';

/**
 * The files that run an app on another engine. The same app gives the same bytes.
 * @throws UserError for what the engine cannot take
 */
export function exportApp(app: ExportedApp, places: Places): readonly ExportFile[] {
  return [...composeFiles(app, places), ...imageFiles(app)];
}

function imageFiles({ source, processes }: ExportedApp): readonly ExportFile[] {
  if (source.from === 'own') return [];
  const command = processes.find(({ type }) => type === 'web')?.command;
  const text = dockerfile({ ...source, command });
  return [
    { path: 'Dockerfile', text, isSecret: false },
    { path: 'Dockerfile.dockerignore', text: `${source.ignored.join('\n')}\n`, isSecret: false },
  ];
}
