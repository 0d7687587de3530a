import { lockedGems } from '../gemfile-lock.js';
import { type AppFolder, type Proposal, type ProposedProcess, propose } from './proposal.js';

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
const PORT = '${PORT:-5000}';

/** https://devcenter.heroku.com/articles/ruby-support#default-process-types */
export function proposeRuby(app: AppFolder): Proposal | undefined {
  const gems = gemsOf(app);
  const isRails = app.has('bin/rails') && (gems.has('rails') || gems.has('railties') || gems.size === 0);
  if (!isRails) {
    const web = rackServer(app, gems) ?? sinatra(app, gems);
    const hasServer = [...RACK_SERVERS.map(({ gem }) => gem), 'webrick'].some((gem) => gems.has(gem));
    return web && propose([web], hasServer ? undefined : NO_SERVER);
  }
  return propose([railsServer(app, gems), railsWorker(app, gems), railsRelease(app, gems)]);
}

const NO_SERVER =
  'The Gemfile has no web server, and Ruby brings none. Add one: bundle add puma; then remove the Procfile, and run this again.';

/** The gems of the Gemfile, and those that they bring. */
function gemsOf(app: AppFolder): ReadonlySet<string> {
  const named = app.text('Gemfile').matchAll(/^[ \t]*gem[ \t(]+["']([\w.-]+)["']/gm);
  const names = Array.from(named, ([, name = '']) => name);
  return new Set([...names, ...lockedGems(app.text('Gemfile.lock')).keys()]);
}

/** https://devcenter.heroku.com/articles/deploying-rails-applications-with-the-puma-web-server */
function railsServer(app: AppFolder, gems: ReadonlySet<string>): ProposedProcess {
  if (gems.has('puma') && /\bPORT\b/.test(app.text('config/puma.rb')))
    return {
      type: 'web',
      command: 'bundle exec puma -C config/puma.rb',
      why: 'config/puma.rb configures the server of this Rails app, and reads PORT',
    };
  // In development, Rails listens on localhost only.
  const command = `bin/rails server -p ${PORT} -b 0.0.0.0`;
  return { type: 'web', command, why: 'there is bin/rails' };
}

const RAILS_WORKERS: readonly {
  readonly gem: string;
  readonly file?: string;
  readonly command: string;
}[] = [
  { gem: 'sidekiq', command: 'bundle exec sidekiq' },
  { gem: 'solid_queue', file: 'bin/jobs', command: 'bin/jobs' },
  { gem: 'good_job', command: 'bundle exec good_job start' },
  { gem: 'delayed_job_active_record', command: 'bundle exec rake jobs:work' },
];

function railsWorker(app: AppFolder, gems: ReadonlySet<string>): ProposedProcess | undefined {
  const row = RAILS_WORKERS.find(({ gem, file }) => gems.has(gem) && (file === undefined || app.has(file)));
  return row && { type: 'worker', command: row.command, why: `the Gemfile has ${row.gem}` };
}

/** Of other databases Heroku has none. */
function railsRelease(app: AppFolder, gems: ReadonlySet<string>): ProposedProcess | undefined {
  if (!gems.has('pg') || app.names('db/migrate').length === 0) return undefined;
  return {
    type: 'release',
    command: 'bin/rails db:migrate',
    why: 'there are migrations in db/migrate, and the Gemfile has pg',
  };
}

/** The servers that may be in a Gemfile. The first that is there counts. */
const RACK_SERVERS: readonly { readonly gem: string; readonly command: string }[] = [
  { gem: 'puma', command: `bundle exec puma -p ${PORT}` },
  { gem: 'unicorn', command: `bundle exec unicorn -p ${PORT}` },
  { gem: 'thin', command: `bundle exec thin start -R config.ru -p ${PORT}` },
  { gem: 'falcon', command: `bundle exec falcon serve --bind http://0.0.0.0:${PORT}` },
  // In development, it listens on localhost only.
  { gem: '', command: `bundle exec rackup config.ru -p ${PORT} -o 0.0.0.0` },
];

function rackServer(app: AppFolder, gems: ReadonlySet<string>): ProposedProcess | undefined {
  if (!app.has('config.ru')) return undefined;
  if (gems.has('puma') && /\bPORT\b/.test(app.text('config/puma.rb')))
    return {
      type: 'web',
      command: 'bundle exec puma -C config/puma.rb',
      why: 'config.ru is a Rack app, and config/puma.rb reads PORT',
    };
  const row = RACK_SERVERS.find(({ gem }) => gem === '' || gems.has(gem));
  const server = row?.gem ? `, and the Gemfile has ${row.gem}` : '';
  return row && { type: 'web', command: row.command, why: `config.ru is a Rack app${server}` };
}

/** A Sinatra app in the classic style serves itself. */
function sinatra(app: AppFolder, gems: ReadonlySet<string>): ProposedProcess | undefined {
  const names = ['app.rb', 'main.rb', 'server.rb', 'web.rb'];
  const file = names.find((name) => /^require ["']sinatra["']/m.test(app.text(name)));
  if (file === undefined || !gems.has('sinatra')) return undefined;
  const command = `bundle exec ruby ${file} -p ${PORT} -o 0.0.0.0`;
  return { type: 'web', command, why: `${file} is a Sinatra app` };
}
