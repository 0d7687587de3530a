import { describe, expect, it } from 'vitest';
import { findEnvNames } from '../../../../src/config/init/env-names.js';
import { makeFolder } from '../../../helpers/folder.js';

function names(files: Readonly<Record<string, string>>): readonly string[] {
  return findEnvNames(makeFolder(files)).map(({ name }) => name);
}

describe('findEnvNames', () => {
  it.each([
    [
      'a.js',
      `process.env.A; process.env['B']; process.env?.C; process.env["D"] ?? process.env[e]`,
      'A B C D',
    ],
    [
      'a.mjs',
      'const {\n  A,\n  B: b = 1,\n  C = "x",\n} = process.env;\nconst { D } = process.env.E;',
      'A B C E',
    ],
    ['src/a.ts', 'const a: string = process.env.A!;\n// process.env.B\n * process.env.C', 'A'],
    ['a.py', `os.environ['A']; os.environ.get("B", ""); os.getenv('C'); "D" in os.environ`, 'A B C D'],
    ['a.py', `environ["A"]\nenv('B')\nenv.bool('C')\nconfig('D')\n# os.getenv("E")`, 'A B C D'],
    ['config/a.rb', `ENV['A']; ENV["B"]; ENV.fetch('C') { 1 }; ENV.fetch "D"; ENV.key?('E')`, 'A B C D E'],
    ['config/database.yml', `url: <%= ENV['A'] %>`, 'A'],
    ['Gemfile', `gem 'x' if ENV['A']`, 'A'],
    ['main.go', 'os.Getenv("A"); os.LookupEnv("B"); C string `env:"C,required"`', 'A B C'],
    ['a.php', `getenv('A'); $_ENV['B']; env('C', 1); $this->env('D')`, 'A B C'],
    ['A.java', 'System.getenv("A"); System.getenv().get("B")', 'A B'],
    ['a.rs', 'env::var("A")', 'A'],
    ['a.exs', 'System.fetch_env!("A")', 'A'],
    ['a.txt', 'process.env.A', ''],
  ])('finds in %s: %s', (file, text, expected) => {
    expect(names({ [file]: text })).toEqual(expected.split(' ').filter(Boolean));
  });

  it('leaves out what the platform sets', () => {
    expect(names({ 'a.js': 'process.env.PORT + process.env.DYNO + process.env.PORTS' })).toEqual(['PORTS']);
  });

  it('reads neither the code of others nor that of tests and builds', () => {
    const paths = [
      'node_modules/a/b.js',
      'lib/node_modules/a.js',
      '.next/a.js',
      'dist/a.js',
      'venv/a.py',
      'vendor/a.go',
      'test/a.js',
      'src/a.test.ts',
      'test_a.py',
      'a_test.go',
    ];
    const texts = ['process.env.A', 'os.getenv("A")', 'os.Getenv("A")'].join('\n');
    expect(names(Object.fromEntries(paths.map((path) => [path, texts])))).toEqual([]);
  });

  it('names each once, with the place that reads it first', () => {
    const dir = makeFolder({ 'b.js': 'process.env.A', 'a/x.js': '// x\n\nprocess.env.B\nprocess.env.A' });
    expect(findEnvNames(dir)).toEqual([
      { name: 'A', file: 'a/x.js', line: 4 },
      { name: 'B', file: 'a/x.js', line: 3 },
    ]);
  });
});
