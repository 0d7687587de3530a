import { expect, test } from 'vitest';
import { findTimer } from '../../../src/doctor/app/timers.js';
import { makeFolder } from '../../helpers/folder.js';

test.for<readonly [string, string, Readonly<Record<string, string>>, string | undefined]>([
  [
    'a timer',
    'node web.js',
    { 'web.js': 'x();\nsetInterval(() => {\n  tick(a, b);\n}, 60 * 60_000);' },
    'web.js 2 a timer',
  ],
  ['a heartbeat', 'node web.js', { 'web.js': 'setInterval(beat, 500);' }, undefined],
  [
    'one that keeps nothing alive',
    'node web.js',
    { 'web.js': 'setInterval(beat, 60_000).unref();' },
    undefined,
  ],
  ['one of unknown period', 'node web.js', { 'web.js': 'setInterval(beat, PERIOD);' }, undefined],
  ['a comment', 'node web.js', { 'web.js': '// setInterval(beat, 60_000);' }, undefined],
  ['one in an imported file', 'node web', { web: '' }, undefined],
  [
    'an imported schedule',
    'node src/web.js --flag',
    { 'src/web.js': "import './jobs.js';", 'src/jobs.js': "import cron from 'node-cron';" },
    'src/jobs.js 1 a schedule (node-cron)',
  ],
  [
    'a required folder, and circles',
    'node web.js',
    {
      'web.js': "require('./jobs')",
      'jobs/index.js': "require('../web')\nconst s = require('node-schedule')",
    },
    'jobs/index.js 2 a schedule (node-schedule)',
  ],
  [
    'npm start',
    'npm start',
    { 'package.json': '{"scripts":{"start":"node web.js"}}', 'web.js': "import { Cron } from 'croner';" },
    'web.js 1 a schedule (croner)',
  ],
  ['another process type', 'node web.js', { 'web.js': 'x', 'clock.js': "import 'node-cron'" }, undefined],
  [
    'Python',
    'gunicorn shop.wsgi:app',
    {
      'shop/wsgi.py': 'from .jobs import start',
      'shop/jobs.py': 'import os\nfrom apscheduler.schedulers import x',
    },
    'shop/jobs.py 2 a schedule (apscheduler)',
  ],
  ['a file above the app', 'node ../web.js', {}, undefined],
  ['no file', 'puma -C config/puma.rb', {}, undefined],
])('%s', ([, command, files, found]) => {
  const timer = findTimer(makeFolder(files), command);
  expect(timer && `${timer.file} ${timer.line} ${timer.what}`).toBe(found);
});
