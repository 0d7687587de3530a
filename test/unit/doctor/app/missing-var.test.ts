import { expect, test } from 'vitest';
import { missingVar } from '../../../../src/doctor/app/missing-var.js';

const nothingSet = () => false;

test.for([
  ["KeyError: 'SECRET_KEY'", 'SECRET_KEY'],
  ["KeyError: 'TOKEN'", 'TOKEN'],
  ['key not found: "DATABASE_URL" (KeyError)', 'DATABASE_URL'],
  ['Error: Missing required environment variable DOCTOR_API_KEY', 'DOCTOR_API_KEY'],
  ['Missing environment variable: TOKEN', 'TOKEN'],
  ['Error: DATABASE_URL is not set', 'DATABASE_URL'],
  ['Error: process.env.JWT_SECRET must be set', 'JWT_SECRET'],
  [
    'decouple.UndefinedValueError: SECRET_KEY not found. Declare it as envvar or define a default value.',
    'SECRET_KEY',
  ],
  ['django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.', 'SECRET_KEY'],
  ['django.core.exceptions.ImproperlyConfigured: Set the SENTRY_DSN environment variable', 'SENTRY_DSN'],
  ['environs.EnvError: Environment variable "API_KEY" not set', 'API_KEY'],
  ['2025/01/01 00:00:00 required env var REDIS_URL is missing', 'REDIS_URL'],
] as const)('%s', ([line, name]) => {
  expect(missingVar(['Starting', line, '    at main.js:3'], nothingSet)).toBe(name);
  expect(missingVar([line], (one) => one === name)).toBeUndefined();
});

test.for([
  'Error: listen EADDRINUSE: address already in use :::3000',
  "Error: Cannot find module 'express'. Require stack: code: 'MODULE_NOT_FOUND'",
  'connect ECONNREFUSED 127.0.0.1:5432: the database is required',
  'ERROR: the value of ID is required',
  'TypeError: undefined is not a function',
  'Error [ERR_MODULE_NOT_FOUND]: Cannot find package, which is required',
])('no config var: %s', (line) => {
  expect(missingVar([line], nothingSet)).toBeUndefined();
});
