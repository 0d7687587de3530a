import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** A command in a real terminal of its own. */
export interface Terminal {
  /** Resolves once what the terminal shows matches. */
  shows(pattern: RegExp): Promise<RegExpExecArray>;
  /** Types: `\x03` is Ctrl-C. */
  type(keys: string): void;
  /** Closes the terminal under the command, as closing its window does. */
  close(): Promise<void>;
  /** Resolves with the command's exit status. */
  readonly finished: Promise<number | null>;
}

/** Runs a command line in a terminal, with the help of util-linux's `script`. */
export function openTerminal(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Terminal {
  const script = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd,
    // script(1) runs the command by $SHELL; dash would stay as its parent and end with 130 at Ctrl-C.
    env: { ...process.env, SHELL: '/bin/bash', NO_COLOR: '1', ...env },
  });
  let screen = '';
  script.stdout.setEncoding('utf8').on('data', (text) => {
    screen += text;
  });
  const finished = once(script, 'close').then(([status]) => status as number | null);
  // script(1) holds the other end: without it the terminal is gone.
  const close = async (): Promise<void> => {
    script.kill('SIGKILL');
    await finished;
  };
  onTestFinished(close);
  const failIfOver = async (pattern: RegExp): Promise<never> => {
    throw new Error(`The command ended with ${await finished} before it showed ${pattern}:\n${screen}`);
  };
  return {
    finished,
    close,
    type: (keys) => script.stdin.write(keys),
    async shows(pattern) {
      for (;;) {
        const match = pattern.exec(screen);
        if (match) return match;
        await Promise.race([once(script.stdout, 'data'), failIfOver(pattern)]);
      }
    },
  };
}
