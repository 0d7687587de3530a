import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import AjvModule from 'ajv-draft-04';
import addFormatsModule from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../../helpers/folder.js';
import { startKeptHost } from '../../helpers/start-host.js';
import { call, SLEEPERS, startDemo } from './world.js';

/**
 * Heroku's published schema of its API (`GET https://api.heroku.com/schema`). It is not part of this repository:
 * without it these tests skip.
 */
const SCHEMA = process.env.HEROKU_API_SCHEMA ?? resolve('../shared/heroku/platform-api-schema.json');

const RESOURCES = [
  ['account', 'GET', '/account', undefined],
  ['app', 'GET', '/apps/demo', undefined],
  ['formation', 'GET', '/apps/demo/formation/web', undefined],
  ['dyno', 'GET', '/apps/demo/dynos/web.1', undefined],
  ['release', 'GET', '/apps/demo/releases/1', undefined],
  ['log-session', 'POST', '/apps/demo/log-sessions', { lines: 1 }],
  ['region', 'GET', '/regions', undefined],
  ['stack', 'GET', '/stacks', undefined],
  ['domain', 'GET', '/apps/demo/domains', undefined],
  ['collaborator', 'GET', '/apps/demo/collaborators', undefined],
  ['app-feature', 'GET', '/apps/demo/features/preboot', undefined],
  ['oauth-authorization', 'GET', '/oauth/authorizations/~', undefined],
  ['log-drain', 'POST', '/apps/demo/log-drains', { url: 'https://logs.example.com/drain' }],
] as const;

describe("answers fit Heroku's published schema:", () => {
  test.for(RESOURCES)('%s', async ([resource, method, path, body], { skip }) => {
    if (!existsSync(SCHEMA)) return skip('set HEROKU_API_SCHEMA to a copy of the schema');
    const { host } = await startDemo(SLEEPERS);
    const answer = await call(host, method, path, body === undefined ? {} : { body });
    const [one] = [answer.body].flat();
    expect(errorsOf(resource, one)).toEqual([]);
  });
});

const RESOURCES_OF_A_HOST = [
  ['app', 'POST', '/apps', { name: 'other' }],
  ['release', 'GET', '/apps/demo/releases/1', undefined],
  ['domain', 'POST', '/apps/demo/domains', { hostname: 'www.example.com' }],
  ['source', 'POST', '/sources', undefined],
  ['build', 'POST', '/apps/demo/builds', { source_blob: { url: 'http://127.0.0.1:1/' } }],
  [
    'buildpack-installation',
    'PUT',
    '/apps/demo/buildpack-installations',
    { updates: [{ buildpack: 'heroku/nodejs' }] },
  ],
] as const;

describe("answers of a host of many apps fit Heroku's published schema:", () => {
  test.for(RESOURCES_OF_A_HOST)('%s', async ([resource, method, path, body], { skip }) => {
    if (!existsSync(SCHEMA)) return skip('set HEROKU_API_SCHEMA to a copy of the schema');
    const host = await startKeptHost(makeFolder());
    await call(host, 'POST', '/apps', { body: { name: 'demo' } });
    const answer = await call(host, method, path, body === undefined ? {} : { body });
    const [one] = [answer.body].flat();
    expect(errorsOf(resource, one)).toEqual([]);
  });
});

/** Where the schema is wrong about Heroku's own answers, or speaks of Heroku's hosts. */
const EXPECTED = ['/git_url', '/web_url', '/space', '/team', '/hostname'];

type Definition = { required?: string[]; properties: Record<string, unknown> };

/** What the schema finds wrong; every property that it names must be there. */
function errorsOf(resource: string, value: unknown): unknown[] {
  const schema = withoutExamples(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  const definition = schema.definitions[resource];
  if (!definition) throw new Error(`The schema has no ${resource}`);
  definition.required = Object.keys(definition.properties);
  const ajv = new AjvModule.default({ strict: false, allErrors: true });
  addFormatsModule.default(ajv);
  // Its own properties are the resources, and would count as well.
  const validate = ajv.compile({ ...schema, properties: {}, $ref: `#/definitions/${resource}` });
  validate(value);
  return (validate.errors ?? []).filter(({ instancePath }) => !EXPECTED.includes(instancePath));
}

/** The published file is a hyper-schema whose examples are not schemas. */
function withoutExamples(text: unknown): { definitions: Record<string, Definition> } {
  return JSON.parse(
    JSON.stringify(text, (key, value) => (['$schema', 'links', 'example'].includes(key) ? undefined : value)),
  );
}
