import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findProgram } from '../../../src/base/find-program.js';
import { buildApp } from './world.js';

function has(...programs: readonly string[]): boolean {
  return programs.every((program) => findProgram(program, process.env.PATH ?? '') !== undefined);
}

/** The lines from the language's own on, without the versions of this machine. */
function linesOf(output: string): string {
  return output
    .slice(output.indexOf(' app detected') + ' app detected\n'.length, output.indexOf('\n-----> Compressing'))
    .replace(/\d+\.\d[\d.]*(?= of this machine)/g, 'X');
}

const GO_APP = {
  'go.mod': 'module example.com/hello\n\ngo 1.13\n',
  'main.go': 'package main\n\nfunc main() { println("hello") }\n',
};

describe.skipIf(!has('go'))('with Go', () => {
  test('its main packages become programs, and the web process if there is one', async () => {
    const { dir, output, outcome } = await buildApp({
      ...GO_APP,
      'bin/go-pre-compile': '#!/bin/sh\necho pre',
      'lib/lib.go': 'package lib\n',
    });
    expect(linesOf(output)).toBe(`-----> Detected go modules via go.mod
-----> Detected Module Name: example.com/hello
-----> Using goX of this machine (go1.13 was asked for)
-----> Determining packages to install
-----> Detected the following main packages to install:
       example.com/hello
-----> Running bin/go-pre-compile hook
       pre
-----> Running: go install -v -tags heroku example.com/hello
       example.com/hello
-----> Installed the following binaries:
       ./bin/hello
-----> Created a Procfile with the following entries:
       web: bin/hello

 !     If these entries look incomplete or incorrect please create a
 !     Procfile with the required entries.
 !     See https://devcenter.heroku.com/articles/procfile for more details about Procfiles

-----> Discovering process types
       Procfile declares types -> web
`);
    expect(outcome).toMatchObject({ outcome: 'built', language: 'Go' });
    expect(execFileSync('sh', ['-c', `${dir}/bin/hello 2>&1`], { encoding: 'utf8' })).toBe('hello\n');
  });

  test('the packages that go.mod names are built', async () => {
    const { output } = await buildApp({
      ...GO_APP,
      'go.mod': `${GO_APP['go.mod']}// +heroku install ./cmd/...\n`,
      'cmd/tool/main.go': GO_APP['main.go'],
      Procfile: 'web: bin/tool',
    });
    expect(output).toContain('-----> Running: go install -v -tags heroku ./cmd/...\n');
    expect(output).toContain(
      '-----> Installed the following binaries:\n       ./bin/tool\n-----> Discovering',
    );
  });

  test('the linker sets a variable that config vars name', async () => {
    const { dir, output } = await buildApp(
      {
        ...GO_APP,
        'main.go': 'package main\n\nvar version = "none"\n\nfunc main() { print(version) }\n',
      },
      { configVars: { GO_LINKER_SYMBOL: 'main.version', GO_LINKER_VALUE: 'v7' } },
    );
    expect(output).toContain(
      'Running: go install -v -tags heroku -ldflags -X main.version=v7 example.com/hello\n',
    );
    expect(execFileSync('bash', ['-c', './bin/hello 2>&1'], { cwd: dir, encoding: 'utf8' })).toBe('v7');
  });

  test('code that does not compile fails the build', async () => {
    const { output, outcome } = await buildApp({
      ...GO_APP,
      'main.go': 'package main\n\nfunc main() { oh }\n',
    });
    expect(outcome).toEqual({ outcome: 'failed' });
    expect(output).toMatch(/ {7}.*undefined: oh\n\n ! {5}Push rejected, failed to compile Go app\./);
  });
});

test.each(['Gopkg.lock', 'Godeps/Godeps.json', 'vendor/vendor.json'])(
  'an app of the former tools of Go, by %s, is one that is no longer built',
  async (file) => {
    const { output, outcome } = await buildApp({ [file]: '{}', 'main.go': 'package main\n' });
    expect(outcome).toEqual({ outcome: 'failed' });
    expect(output).toContain('-----> Go app detected\n\n !     Error: A go.mod file is required.\n');
  },
);

const GEM_APP = {
  Gemfile: 'source "https://rubygems.org"\ngem "greet", path: "greet"\n',
  'Gemfile.lock':
    'PATH\n  remote: greet\n  specs:\n    greet (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  greet!\n\nRUBY VERSION\n   ruby 9.9.9p0\n',
  'greet/greet.gemspec':
    "Gem::Specification.new { |s| s.name = 'greet'; s.version = '1.0'; s.summary = 's'; s.authors = ['a']; s.executables = ['rake'] }",
  // Stands in for rake, which a machine without network may not have.
  'greet/bin/rake':
    '#!/usr/bin/env ruby\nputs ARGV[0] == "-P" ? "rake assets:precompile \\n" : "compiling"\n',
  Rakefile: '',
};

describe.skipIf(!has('ruby', 'bundle'))('with Ruby', () => {
  test('the gems are installed, and the assets compiled', async () => {
    const { output, outcome } = await buildApp(GEM_APP);
    const lines = linesOf(output).replace(/(?<=bundler )[\d.]+/, 'X');
    expect(lines).toContain('-----> Using Ruby version: ruby-X of this machine (9.9.9 was asked for)\n');
    expect(lines).toMatch(
      / {7}Running: BUNDLE_WITHOUT='development:test' BUNDLE_PATH=vendor\/bundle .*bundle install -j4\n/,
    );
    expect(lines.replace(/\(\d+\.\d\ds\)/g, '(1s)')).toContain(`-----> Detecting rake tasks
-----> Preparing app for Rails asset pipeline
       Running: rake assets:precompile
       compiling
       Asset precompilation completed (1s)
-----> Discovering process types
       Procfile declares types     -> (none)
       Default types for buildpack -> console, rake
`);
    expect(outcome).toMatchObject({ outcome: 'built', configVars: new Map([['LANG', 'en_US.UTF-8']]) });
  });
});

describe.skipIf(!has('php', 'composer'))('with PHP', () => {
  test('the packages are installed, and the web server of PHP itself stands in for Apache', async () => {
    const { dir, output, outcome } = await buildApp(
      {
        'composer.json':
          '{"repositories":[{"packagist.org":false},{"type":"path","url":"greet","options":{"symlink":false}}],"require":{"me/greet":"1.0.0"},"scripts":{"compile":"echo compiled >compiled"}}',
        'greet/composer.json': '{"name":"me/greet","version":"1.0.0","autoload":{"files":["greet.php"]}}',
        'greet/greet.php': '<?php function greet() { return "hello"; }',
        'test.php': '<?php require "vendor/autoload.php"; echo greet();',
      },
      {},
    );
    expect(output).toContain('-----> Installing dependencies...\n');
    expect(output).toContain("-----> Running 'composer compile'...\n");
    expect(readFileSync(join(dir, 'compiled'), 'utf8')).toBe('compiled\n');
    expect(output).toContain("\n       NOTICE: No Procfile, using 'web: heroku-php-apache2'.\n");
    expect(outcome).toMatchObject({
      outcome: 'built',
      processes: new Map([['web', { command: 'heroku-php-apache2' }]]),
    });
    expect(execFileSync('php', ['test.php'], { cwd: dir, encoding: 'utf8' })).toBe('hello');
    expect(readFileSync(join(dir, 'vendor/bin/heroku-php-apache2'), 'utf8')).toContain('php -S');
  });
});

describe.skipIf(!has('javac', 'mvn'))('with Maven', () => {
  test('the goals run that the app wants', async () => {
    const { output, outcome } = await buildApp(
      {
        'pom.xml':
          '<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version><packaging>pom</packaging></project>',
        Procfile: 'web: java -version',
      },
      { configVars: { MAVEN_CUSTOM_GOALS: 'validate' } },
    );
    expect(linesOf(output)).toMatch(
      /^-----> Using OpenJDK X of this machine\n-----> Executing Maven\n {7}\$ mvn -DskipTests validate\n[\s\S]*BUILD SUCCESS/,
    );
    expect(outcome).toMatchObject({ outcome: 'built', language: 'Java' });
  });
});

test.each<[string, Record<string, string>, string]>([
  ['Go', { 'go.mod': 'module x' }, 'there is no go in PATH'],
  ['Ruby', { Gemfile: '', 'Gemfile.lock': '' }, 'there is no ruby in PATH'],
  ['PHP', { 'index.php': '' }, 'there is no php in PATH'],
  ['Java', { 'pom.xml': '' }, 'there is no javac in PATH'],
])('without %s on this machine the build fails, and says what helps', async (name, files, text) => {
  const { output, outcome } = await buildApp(files, { shell: { PATH: '/nowhere' } });
  expect(outcome).toEqual({ outcome: 'failed' });
  expect(output).toContain(
    ` !     dynosim: Builds use the programs of this machine, and ${text}. Install it, for`,
  );
  expect(output).toContain(` !     Push rejected, failed to compile ${name} app.\n`);
});
