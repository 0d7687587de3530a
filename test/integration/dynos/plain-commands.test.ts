import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { findProgram } from '../../../src/base/find-program.js';
import { specOf } from '../../../src/dynos/command.js';
import { type Containment, startContainment, type TreeSpec } from '../../../src/dynos/contain/index.js';

/** Prints all that a program can see of how it was started: the names of the lines are those in proc(5). */
const SHOW = `#!/usr/bin/perl
sub contents { open my $file, '<', $_[0] or die; local $/; return <$file> }
print "arguments\\0", join("\\0", $0, @ARGV), "\\n";
print 'cwd ', readlink('/proc/self/cwd'), "\\n";
print map("$_\\n", sort split /\\0/, contents('/proc/self/environ')), "\\n";
print grep(/^(?:Umask|Sig(?:Blk|Ign|Cgt)|CapEff|NoNewPrivs)/, split /^/, contents('/proc/self/status'));
my ($id, $parent, $group) = (split ' ', contents('/proc/self/stat') =~ s/.*\\)//sr)[0, 1, 2];
print 'leads its group ', $group == $$, "\\n";
opendir my $open, '/proc/self/fd' or die;
print 'open ', join(' ', map { my $to = readlink "/proc/self/fd/$_" // ''; $_ . ($to =~ /^(\\w+):/ ? $1 : '') } sort grep { /\\d/ && $_ != fileno $open } readdir $open), "\\n";
print contents('/proc/self/limits');
`;

/** A folder with programs, and with files that look like some; `link` is its other name. */
const top = realpathSync(mkdtempSync(join(tmpdir(), 'dynosim-')));
const dir = join(top, 'app');
const link = join(top, 'link');
const env = { PATH: `${dir}/bin:${dir}/folder:/usr/local/bin:/usr/bin:/bin`, LANG: 'C.UTF-8' };

function write(name: string, content: string | Uint8Array, mode = 0o755): void {
  writeFileSync(join(dir, name), content, { mode });
}

beforeAll(() => {
  for (const folder of ['bin', 'folder/show', 'my folder']) mkdirSync(join(dir, folder), { recursive: true });
  symlinkSync(dir, link);
  for (const name of ['show', 'bin/show', 'my folder/show']) write(name, SHOW);
  symlinkSync('show', join(dir, 'bin/linked'));
  symlinkSync('nowhere', join(dir, 'bin/dangling'));
  write('bin/status', '#!/bin/sh\nexit $1\n');
  write('bin/killed', '#!/bin/sh\nkill -$1 $$\n');
  write('bin/plain', 'echo plain $0 $1 $BASH_VERSION\n');
  write('bin/crlf', '#!/bin/sh\r\necho hi\r\n');
  write('bin/lost', '#!/nowhere/sh\n');
  write('bin/shown-twice', 'echo first\n', 0o644);
  write('bin/empty', '');
  write('data', SHOW, 0o644);
  // A program for some other machine.
  const foreign = readFileSync(process.execPath).subarray(0, 64);
  foreign.writeUInt16LE(8, 18);
  write('bin/foreign', foreign);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

let containment: Containment;
beforeAll(async () => {
  const { platform } = process;
  containment = await startContainment({
    platform,
    path: process.env.PATH ?? '',
    portable: false,
    clock: systemClock,
  });
});
afterAll(() => containment.close());

interface Run {
  readonly status: number;
  readonly output: string;
}

async function run(spec: TreeSpec): Promise<Run> {
  const tree = await containment.start(spec);
  tree.input.end();
  const [output, { status }] = await Promise.all([text(tree.output), tree.exited]);
  return { status, output };
}

/** Runs a command by itself and with bash. */
async function runBoth(
  command: string,
  changes: Partial<TreeSpec> = {},
): Promise<{ readonly isPlain: boolean; readonly plain: Run; readonly byBash: Run }> {
  const spec = specOf(command, 'Eco', { name: 'web.1', cwd: dir, env, ...changes });
  const { words, ...byBash } = spec;
  const [plain, other] = await Promise.all([run(spec), run(byBash)]);
  return { isPlain: words !== undefined, plain, byBash: other };
}

describe.runIf(process.platform === 'linux')('a plain command', () => {
  test.each([
    'show',
    ' show  a\tb ',
    `show 'a $b' "c d" --f="g h" ''`,
    './show x',
    'bin/show',
    './bin/../bin/show',
    `${dir}/bin//show`,
    'linked x',
    'exec show x',
    'exec  ./show',
    'exec /usr/bin/env show',
    '/usr/bin/env show 1',
    'env A=1 show',
    'cat /proc/self/cmdline',
    'exec cat /proc/self/cmdline',
    'status 0',
    'status 7',
    'exec status 255',
    'killed TERM',
    'killed KILL',
    // These are bash's to explain, or to run.
    'plain x',
    'exec plain x',
    './bin/plain',
    'crlf',
    'lost',
    './bin/lost 1',
    './data',
    'shown-twice',
    './folder',
    'folder',
    'foreign',
    'empty',
    'dangling',
    'missing',
    'exec missing',
    './missing',
    'exec ./missing',
    'show/x',
    `nowhere/${'x'.repeat(5000)}`,
  ])('%j is run as bash would run it', async (command) => {
    const { isPlain, plain, byBash } = await runBoth(command);
    expect(isPlain).toBe(true);
    expect(plain).toEqual(byBash);
  });

  test.each<Readonly<Record<string, string>>>([
    { SHLVL: '0' },
    { SHLVL: '1' },
    { SHLVL: '998' },
    { SHLVL: '07' },
    { SHLVL: '999' },
    { PWD: dir },
    { PWD: link },
    { PWD: `${dir}/.` },
    { PWD: '/usr' },
    { PWD: '/nowhere' },
    { PWD: 'bin' },
    { PWD: '.' },
    { PWD: '' },
    { OLDPWD: '/usr' },
    { OLDPWD: '/nowhere' },
    { OLDPWD: 'bin' },
    { OLDPWD: '' },
    { _: '/usr/bin/other' },
    { 'a.b': '1', 'c-d': '2', EMPTY: '', TWO: 'a\nb', ENV: '/nowhere', SHELL: '/bin/zsh', HOME: '/x' },
    { LINES: '3', COLUMNS: '7', TERM: 'x', HOSTNAME: 'x', REPLY: 'x', CDPATH: '/', TMOUT: '9', MAIL: 'x' },
    { PS1: '$ ', PS2: '', IFS: ':', UID: '7', SECONDS: '9', OPTIND: '5' },
    { PATH: `/nowhere:${dir}:/usr/bin:/bin` },
    { PATH: `${dir}/folder/:${dir}/bin/:/usr/bin:/bin` },
    { PATH: `${dir}/my folder:/usr/bin:/bin` },
    { PATH: 'bin:/usr/bin:/bin' },
    { PATH: `:${dir}/bin:/usr/bin:/bin` },
    { PATH: `${dir}/bin/show:${dir}/bin:/usr/bin:/bin:` },
    { PATH: '~/bin:/usr/bin:/bin', HOME: dir },
  ])('has the environment that bash would give it, with %j', async (some) => {
    for (const command of ['show', 'exec show', './show']) {
      const { plain, byBash } = await runBoth(command, { env: { ...env, ...some } });
      expect(plain).toEqual(byBash);
    }
  });

  test('is not run by bash', async () => {
    const bin = mkdtempSync(join(top, 'bin-'));
    symlinkSync('/bin/false', join(bin, 'bash'));
    const { plain, byBash } = await runBoth('status 3', { env: { ...env, PATH: `${bin}:${env.PATH}` } });
    expect([plain.status, byBash.status]).toEqual([3, 1]);
  });

  test('runs as with bash in a folder by its other name, and at a terminal', async () => {
    for (const PWD of [dir, link]) {
      const { plain, byBash } = await runBoth('show', { cwd: link, env: { ...env, PWD } });
      expect(plain).toEqual(byBash);
    }
    const { plain, byBash } = await runBoth('show', { terminal: { columns: 80, rows: 24 } });
    expect(plain.output).toContain('leads its group 1');
    expect(plain.output.replaceAll(/pts\S*/g, '')).toBe(byBash.output.replaceAll(/pts\S*/g, ''));
  });

  test('comes after profile scripts, which bash runs', async () => {
    const profiled = join(top, 'profiled');
    mkdirSync(profiled);
    writeFileSync(join(profiled, '.profile'), 'export A=1');
    const { isPlain, plain } = await runBoth('printenv A', { cwd: profiled });
    expect([isPlain, plain]).toEqual([false, { status: 0, output: '1\n' }]);
  });

  test('has the arguments that bash would give it, whatever the words', async () => {
    const piece = fc.oneof(
      fc.stringMatching(/^[\w./@%+=:,-]{1,4}$/),
      fc.stringMatching(/^'[ -&(-~]{0,5}'$/),
      fc.stringMatching(/^"[ -~]{0,5}"$/),
      fc.constantFrom(
        '$HOME',
        '*',
        '~',
        '\\',
        '#',
        '{a,b}',
        '>',
        ';',
        '!',
        '[a]',
        'é',
        "'",
        '"',
        '^',
        '&',
        '|',
      ),
    );
    const word = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
    const commands = fc.array(word, { maxLength: 4 }).map((words) => ['show', ...words].join(' '));
    let plainOnes = 0;
    await fc.assert(
      fc.asyncProperty(commands, async (command) => {
        const { words, ...spec } = specOf(command, 'Eco', { name: 'web.1', cwd: dir, env });
        if (words === undefined) return;
        plainOnes += 1;
        expect(await run(spec)).toMatchObject({
          status: 0,
          output: expect.stringContaining(
            `arguments\0${[join(dir, 'bin/show'), ...words.slice(1)].join('\0')}\n`,
          ),
        });
      }),
      { numRuns: 150 },
    );
    expect(plainOnes).toBeGreaterThan(10);
  });
});

test.runIf(process.platform === 'linux')(
  'bash has no builtin or keyword that would be taken for a program',
  () => {
    const names = execFileSync('bash', ['-c', 'compgen -bk'], { encoding: 'utf8' }).trim().split('\n');
    const taken = names.filter(
      (name) => specOf(name, 'Eco', { name: 'web.1', cwd: dir, env }).words !== undefined,
    );
    expect(taken).toEqual([]);
    expect(findProgram('bash', env.PATH)).toBeDefined();
  },
);
