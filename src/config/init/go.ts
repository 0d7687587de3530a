import { goModule, goProgram } from '../go-module.js';
import { type AppFolder, type Proposal, type ProposedProcess, propose } from './proposal.js';

/** A package with a `main` function, from which the buildpack makes a program in `bin/`. */
interface Main {
  /** Relative to the app's folder; empty for that folder itself. */
  readonly folder: string;
  /** The program's name. */
  readonly name: string;
  readonly source: string;
}

/** https://devcenter.heroku.com/articles/go-support#default-procfile */
export function proposeGo(app: AppFolder): Proposal | undefined {
  const mains = mainsOf(app);
  const web = mains.length === 1 ? mains[0] : mains.find(isServer);
  if (web === undefined) return undefined;
  const worker = mains.find((main) => main !== web && main.name === 'worker');
  return propose(
    [processOf('web', web), worker && processOf('worker', worker)],
    'Heroku builds the program. To have it here: go build -o bin/ ./...',
  );
}

function processOf(type: string, { folder, name }: Main): ProposedProcess {
  const where = folder === '' ? 'go.mod' : folder;
  return { type, command: `bin/${name}`, why: `go install gives the program of ${where} this name` };
}

function mainsOf(app: AppFolder): readonly Main[] {
  const cmd = app.names('cmd').map((name) => ({ folder: `cmd/${name}`, name }));
  return [{ folder: '', name: goProgram(goModule(app.text('go.mod'))) }, ...cmd].flatMap(
    ({ folder, name }) => {
      const source = sourceIn(app, folder);
      return /^[\w.-]+$/.test(name) && /^package main\b/m.test(source) ? [{ folder, name, source }] : [];
    },
  );
}

function sourceIn(app: AppFolder, folder: string): string {
  const files = app.names(folder).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'));
  return files.map((name) => app.text(folder === '' ? name : `${folder}/${name}`)).join('\n');
}

function isServer({ name, source }: Main): boolean {
  return /^(?:web|server|api|app)$/.test(name) || /ListenAndServe|"PORT"/.test(source);
}
