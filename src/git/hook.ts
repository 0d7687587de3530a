import type { Duplex } from 'node:stream';
import type { Exit } from '../base/process.js';
import type { GitEnvironment } from './git.js';

/**
 * The pre-receive hook. It passes git's question to dynosim on descriptor 3, prints dynosim's text from there, and exits
 * with the status that it reads from descriptor 4. If dynosim dies, both descriptors end, and git moves no ref.
 */
export const HOOK_SCRIPT = `#!/usr/bin/env bash
if ! [[ -S /dev/fd/3 && -S /dev/fd/4 ]]; then
  # git does not document that its hooks inherit descriptors.
  exec 3<>"/dev/tcp/127.0.0.1/$DYNOSIM_HOOK_PORT" 4<>"/dev/tcp/127.0.0.1/$DYNOSIM_HOOK_PORT"
  printf '%s 3\\n' "$DYNOSIM_HOOK_KEY" >&3
  printf '%s 4\\n' "$DYNOSIM_HOOK_KEY" >&4
fi
{ printf '%s\\0' "$GIT_OBJECT_DIRECTORY" "$GIT_ALTERNATE_OBJECT_DIRECTORIES"; cat; printf '\\0'; } >&3
cat <&3
read -r status <&4
exit "\${status:-1}"
`;

/** How many descriptors the hook needs, from 3 on. */
export const HOOK_LINES = 2;

/** How much unread text is kept for a client that does not read (Ctrl-Z). The build does not wait for it. */
const UNREAD_BYTES = 1024 * 1024;

/** A ref that a push creates, moves or deletes. */
export interface RefUpdate {
  /** `refs/heads/main` */
  readonly ref: string;
  /** The ref's object so far; zeros if the ref is new. */
  readonly from: string;
  /** The ref's new object; zeros to delete the ref. */
  readonly to: string;
}

/** What git asks in its hook: whether it may change these refs. */
export interface Question {
  readonly updates: readonly RefUpdate[];
  /** Variables with which git finds the pushed objects. They are not in the repository yet. */
  readonly incoming: GitEnvironment;
}

/** dynosim's ends of the hook's descriptors. */
export interface HookLines {
  readonly talk: Duplex;
  readonly status: Duplex;
}

/** The hook of one push, as dynosim sees it. */
export class Hook {
  /** Resolves with the hook's question, or with undefined if git ends without one, because it refused the push itself. */
  readonly question: Promise<Question | undefined>;
  #lines: HookLines | undefined;
  #isOver = false;
  #isCut = false;

  /**
   * @param inherited dynosim's ends of the descriptors that the hook inherits
   * @param called resolves if the hook has not inherited them
   */
  constructor([talk, status]: readonly Duplex[], called: Promise<HookLines>, gitExited: Promise<Exit>) {
    this.question = new Promise((resolve) => {
      const listen = (lines: HookLines): void =>
        readQuestion(lines, (question) => {
          this.#lines = lines;
          if (this.#isOver) this.#send(false);
          else resolve(question);
        });
      if (talk && status) listen({ talk, status });
      void called.then(listen);
      void gitExited.then(() => {
        // If git was killed, the hook still waits.
        this.end(false);
        resolve(undefined);
      });
    });
  }

  /** Whether the hook was told to end, or git has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Shows text to the client. */
  say(text: string): void {
    const talk = this.#lines?.talk;
    if (!talk || this.#isOver) return;
    const isCut = talk.writableLength > UNREAD_BYTES;
    if (isCut && !this.#isCut)
      talk.write('\n !     dynosim: some output is missing here, because the client did not read it.\n');
    this.#isCut = isCut;
    if (!isCut) talk.write(text);
  }

  /** Tells git whether to move the refs, now or as soon as the hook asks. Only the first call counts. */
  end(isAccepted: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#send(isAccepted);
  }

  #send(isAccepted: boolean): void {
    this.#lines?.talk.end();
    this.#lines?.status.end(`${isAccepted ? 0 : 1}\n`);
  }
}

function readQuestion({ talk, status }: HookLines, onQuestion: (question: Question) => void): void {
  let text = '';
  // git may be killed at any time.
  for (const line of [talk, status]) line.on('error', () => {});
  talk.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const question = chunk.endsWith('\0') ? parseQuestion(text) : undefined;
    if (question) onQuestion(question);
  });
  talk.resume();
}

function parseQuestion(text: string): Question | undefined {
  const [objects = '', alternates = '', updates, end] = text.split('\0');
  if (updates === undefined || end === undefined) return undefined;
  return {
    updates: updates.split('\n').filter(Boolean).map(parseUpdate),
    incoming: { GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates },
  };
}

function parseUpdate(line: string): RefUpdate {
  const [from = '', to = '', ...ref] = line.split(' ');
  return { ref: ref.join(' '), from, to };
}
