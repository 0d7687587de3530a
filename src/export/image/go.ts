/** Images of Go apps. https://devcenter.heroku.com/articles/go-support */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shellWords } from '../../base/shell-word.js';
import { textOf } from '../../config/folder.js';
import { EMPTY, hookCommand, type Recipe, type RecipeApp } from './recipe.js';

/** For apps that ask for none. */
const DEFAULT_GO = '1';

export function goRecipe(app: RecipeApp): Recipe {
  const mod = textOf(join(app.dir, 'go.mod'));
  const isVendored = existsSync(join(app.dir, 'vendor/modules.txt'));
  const asked = /^\/\/ \+heroku goVersion go(\S+)/m.exec(mod)?.[1] ?? /^go\s+(\d+\.\d+)/m.exec(mod)?.[1];
  return {
    ...EMPTY,
    language: 'go',
    base: 'debian:stable-slim',
    buildBase: `golang:${asked ?? DEFAULT_GO}`,
    settings: ['GOPROXY', 'GOPRIVATE', 'GONOSUMDB', 'GOSUMDB', 'GOFLAGS'],
    buildEnv: { GOBIN: '/app/bin' },
    manifests:
      isVendored || /^\s*replace\b/m.test(mod)
        ? []
        : ['go.mod', 'go.sum'].filter((file) => existsSync(join(app.dir, file))),
    install: isVendored ? [] : ['go mod download'],
    build: [
      ...hookCommand(app, 'bin/go-pre-compile'),
      installLine(app, mod, isVendored),
      ...hookCommand(app, 'bin/go-post-compile'),
    ],
    packages: ['ca-certificates'],
  };
}

function installLine({ configVars }: RecipeApp, mod: string, isVendored: boolean): string {
  const symbol = configVars.get('GO_LINKER_SYMBOL');
  const value = configVars.get('GO_LINKER_VALUE');
  const flags = shellWords([
    '-tags',
    'heroku',
    ...(symbol && value ? ['-ldflags', `-X ${symbol}=${value}`] : []),
    ...(isVendored ? ['-mod=vendor'] : []),
  ]);
  const named = configVars.get('GO_INSTALL_PACKAGE_SPEC') ?? /^\/\/ \+heroku install (.+)/m.exec(mod)?.[1];
  if (named !== undefined) return `go install ${flags} ${shellWords(named.trim().split(/\s+/))}`;
  const mains = `go list -find ${flags} -f '{{ if eq .Name "main" }}{{.ImportPath}}{{ end }}' ./...`;
  return `go install ${flags} $(${mains})`;
}
