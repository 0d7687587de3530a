import { quote } from '../../base/wording.js';
import { type PackageJson, parsePackageJson } from '../package-json.js';
import { type AppFolder, type Proposal, type ProposedProcess, propose } from './proposal.js';

/** https://devcenter.heroku.com/articles/nodejs-support#default-web-process-type */
export function proposeNode(app: AppFolder): Proposal | undefined {
  const packageJson = parsePackageJson(app.text('package.json'));
  const web = ofScript(app, packageJson, 'start', 'web') ?? ofMain(app, packageJson.main);
  return web && propose([web, ofScript(app, packageJson, 'worker', 'worker')]);
}

/** Heroku does not detect Node.js without a package.json. */
export function proposeNodeWithoutPackage(app: AppFolder): Proposal | undefined {
  const web = ofMain(app);
  return (
    web &&
    propose([web], 'Heroku takes this for a Node.js app only with a package.json. Make one: npm init -y')
  );
}

/** `node --max-old-space-size=400 dist/server.js`: no other program, and nothing for a shell. */
const PLAIN_NODE = /^node(?: --?[\w=.:-]+)* [\w./-]+(?: [\w./=:-]+)*$/;

function ofScript(
  app: AppFolder,
  { scripts, packageManager }: PackageJson,
  name: string,
  type: string,
): ProposedProcess | undefined {
  const script = scripts[name]?.trim();
  if (script === undefined) return undefined;
  const hasMore = scripts[`pre${name}`] !== undefined || scripts[`post${name}`] !== undefined;
  // npm passes signals on only in newer versions, and its own exit status hides the app's.
  if (PLAIN_NODE.test(script) && !hasMore)
    return { type, command: script, why: `it is the ${name} script of package.json, without npm between` };
  const manager = managerOf(app, packageManager);
  const command = name === 'start' ? `${manager} start` : `${manager} run ${name}`;
  return { type, command, why: `package.json has the ${name} script ${quote(script)}` };
}

function managerOf(app: AppFolder, named = ''): string {
  const [, name] = /^(npm|pnpm|yarn)@/.exec(named) ?? [];
  if (name !== undefined) return name;
  if (app.has('yarn.lock')) return 'yarn';
  return app.has('pnpm-lock.yaml') ? 'pnpm' : 'npm';
}

/** What a server's source has, and a library's or a page's has not. */
const SERVER = /\.listen\(|createServer|\bserve\(|\bPORT\b/;

function ofMain(app: AppFolder, main?: string): ProposedProcess | undefined {
  const named = [main, main && `${main}.js`, 'server.js', 'app.js', 'main.js', 'index.js'];
  const isServer = (file: string): boolean =>
    /(?:^|\/)(?:server|app)\.[cm]?js$/.test(file) || SERVER.test(app.text(file));
  const file = named.find(
    (name) => name !== undefined && /^[\w./-]+$/.test(name) && app.has(name) && isServer(name),
  );
  if (file === undefined) return undefined;
  const why = file === main ? `package.json names ${file} as its main file` : `there is ${file}`;
  return { type: 'web', command: `node ${file}`, why };
}
