import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Ajv from 'ajv-draft-04';
import { parse } from 'yaml';

/** An object as it is in a file. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  // biome-ignore lint/suspicious/noExplicitAny: a test looks where the kind has something
  readonly spec: any;
}

const require = createRequire(import.meta.url);

/** What is wrong with an object of a kind that Kubernetes itself has: its types, missing keys, unknown keys. */
export function problemsOf(manifest: Manifest): readonly string[] {
  const { apiVersion, kind, ...sections } = manifest;
  const read = new Set<string>();
  const watched = Object.fromEntries(
    Object.entries(sections).map(([key, value]) => [key, watch(value, `/${key}`, read)]),
  );
  // Not by the model's own `validate`, which copies all keys first.
  const [version = '', group = 'core'] = apiVersion.split('/').reverse();
  const name = ['Io', 'k8s', 'api', group.replace(/\..*/, ''), version, kind].map(capitalized).join('');
  const { validate } = require(join(dirname(require.resolve('kubernetes-models')), '_schemas', `${name}.js`));
  if (!validate({ apiVersion, kind, ...watched }))
    return validate.errors.map(
      ({ instancePath, message, params }: Problem) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  return keysOf(sections, '').filter((path) => !read.has(path));
}

interface Problem {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: object;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Notes what a validator reads: it does not look at a key that it does not know. */
function watch(value: unknown, path: string, read: Set<string>): unknown {
  read.add(path);
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const own = Reflect.get(target, key);
      return typeof key === 'string' && Object.hasOwn(target, key) ? watch(own, `${path}/${key}`, read) : own;
    },
  });
}

function keysOf(value: object, path: string): readonly string[] {
  return Object.entries(value).flatMap(([key, child]) => {
    const here = `${path}/${key}`;
    return [here, ...(typeof child === 'object' && child !== null ? keysOf(child, here) : [])];
  });
}

/** The custom resources that KEDA and its HTTP add-on define: the files with their definitions. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  ScaledObject: 'keda.sh_scaledobjects.yaml',
  InterceptorRoute: 'http.keda.sh_interceptorroutes.yaml',
};

export function isCustom({ kind }: Manifest): boolean {
  return Object.hasOwn(DEFINITIONS, kind);
}

/**
 * What is wrong with a custom resource by its definition, unknown keys included.
 * @param folder with the definitions
 */
export function problemsByDefinition(manifest: Manifest, folder: string): readonly string[] {
  const definition = parse(readFileSync(join(folder, DEFINITIONS[manifest.kind] ?? ''), 'utf8'));
  const version = definition.spec.versions.find(
    ({ name }: { name: string }) => manifest.apiVersion === `${definition.spec.group}/${name}`,
  );
  if (!version?.served) return [`${manifest.apiVersion} is not served`];
  const ajv = new Ajv.default({ strict: false, allErrors: true, validateFormats: false });
  const isValid = ajv.compile(closed(version.schema.openAPIV3Schema));
  isValid(manifest);
  return (isValid.errors ?? [])
    .filter(({ instancePath }) => !instancePath.startsWith('/metadata'))
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** A schema that refuses what it does not name. */
// biome-ignore lint/suspicious/noExplicitAny: a schema is any JSON
function closed(schema: any): any {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isMap = schema.additionalProperties !== undefined || schema['x-kubernetes-preserve-unknown-fields'];
  return schema.properties !== undefined && !isMap ? { ...inner, additionalProperties: false } : inner;
}
