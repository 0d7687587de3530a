import type { AppControl } from '../api/control.js';
import type { FormationView } from '../apps/views.js';
import { UserError } from '../base/errors.js';
import { appName, printJson } from './output.js';

/** @throws UserError `NO_PROCESS_TYPES` */
export function requireTypes(formation: readonly FormationView[], app: AppControl): readonly FormationView[] {
  if (formation.length > 0) return formation;
  const hint = 'Process types come from the Procfile.';
  throw new UserError('NO_PROCESS_TYPES', `No process types on ${appName(app)}`, hint);
}

export function printFormationJson(formation: readonly FormationView[]): void {
  printJson(formation.map(({ type, quantity, size, command }) => ({ type, quantity, size, command })));
}
