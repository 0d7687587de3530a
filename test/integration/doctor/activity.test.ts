import { expect, test } from 'vitest';
import { findActivity } from '../../../src/doctor/app/activity.js';
import { makeFolder } from '../../helpers/folder.js';

test.for<readonly [string, string, Readonly<Record<string, string>>, string | undefined]>([
  [
    'a timer',
    'node web.js',
    { 'web.js': 'x();\nsetInterval(() => {\n  tick(a, b);\n}, 60 * 60_000);' },
    'web.js 2 timer',
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
    'src/jobs.js 1 schedule node-cron',
  ],
  [
    'a required folder, and circles',
    'node web.js',
    {
      'web.js': "require('./jobs')",
      'jobs/index.js': "require('../web')\nconst s = require('node-schedule')",
    },
    'jobs/index.js 2 schedule node-schedule',
  ],
  [
    'npm start',
    'npm start',
    { 'package.json': '{"scripts":{"start":"node web.js"}}', 'web.js': "import { Cron } from 'croner';" },
    'web.js 1 schedule croner',
  ],
  ['another process type', 'node web.js', { 'web.js': 'x', 'clock.js': "import 'node-cron'" }, undefined],
  [
    'Python',
    'gunicorn shop.wsgi:app',
    {
      'shop/wsgi.py': 'from .jobs import start',
      'shop/jobs.py': 'import os\nfrom apscheduler.schedulers import x',
    },
    'shop/jobs.py 2 schedule apscheduler',
  ],
  [
    'websockets, and their heartbeat',
    'node web.js',
    { 'web.js': "setInterval(beat, 25_000);\nconst { WebSocketServer } = require('ws');" },
    'web.js 2 websockets ws',
  ],
  [
    'a server of ws by its old name',
    'node web.js',
    { 'web.js': "import { Server } from 'ws';" },
    'web.js 1 websockets ws',
  ],
  [
    'Socket.IO',
    'node web.js',
    { 'web.js': "const io = require('socket.io')(server);" },
    'web.js 1 websockets socket.io',
  ],
  [
    'a client of websockets',
    'node web.js',
    { 'web.js': "import WebSocket from 'ws';\nimport { io } from 'socket.io-client';" },
    undefined,
  ],
  [
    'a schedule beside websockets',
    'node web.js',
    { 'web.js': "import 'socket.io';\nimport cron from 'node-cron';" },
    'web.js 2 schedule node-cron',
  ],
  [
    'websockets in Python',
    'uvicorn main:app',
    { 'main.py': '@app.websocket("/ws")' },
    'main.py 1 websockets',
  ],
  ['a file above the app', 'node ../web.js', {}, undefined],
  ['no file', 'puma -C config/puma.rb', {}, undefined],
])('%s', ([, command, files, found]) => {
  const activity = findActivity(makeFolder(files), command);
  expect(
    activity &&
      [activity.file, activity.line, activity.kind, ...(activity.library ? [activity.library] : [])].join(
        ' ',
      ),
  ).toBe(found);
});
