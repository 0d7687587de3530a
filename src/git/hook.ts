import type { Duplex } from 'node:stream';
import type { Exit } from '../base/process.js';
import type { GitEnvironment } from './git.js';

/**
 * The pre-receive hook: it hands to dynosim what git has told it, prints what dynosim says, and ends with the status
 * that dynosim sends. If dynosim is gone, both descriptors end, and git moves no ref.
 */
export const HOOK_SCRIPT = `#!/usr/bin/env bash
if ! [[ -S /dev/fd/3 && -S /dev/fd/4 ]]; then
  # git passes descriptors on to its hooks, but does not promise it.
  exec 3<>"/dev/tcp/127.0.0.1/$DYNOSIM_HOOK_PORT" 4<>"/dev/tcp/127.0.0.1/$DYNOSIM_HOOK_PORT"
  printf '%s 3\\n' "$DYNOSIM_HOOK_KEY" >&3
  printf '%s 4\\n' "$DYNOSIM_HOOK_KEY" >&4
fi
{ printf '%s\\0' "$GIT_OBJECT_DIRECTORY" "$GIT_ALTERNATE_OBJECT_DIRECTORIES"; cat; printf '\\0'; } >&3
cat <&3
read -r status <&4
exit "\${status:-1}"
`;

/** How many descriptors it needs, from 3 on. */
export const HOOK_LINES = 2;

/** What waits for whoever pushes. A client that reads no more (Ctrl-Z) keeps no build waiting, and fills no memory. */
const UNREAD_BYTES = 1024 * 1024;

/** A ref that a push creates, moves or deletes. */
export interface RefUpdate {
  /** `refs/heads/main` */
  readonly ref: string;
  /** The object it names; zeros if there is no such ref. */
  readonly from: string;
  /** The object it is to name; zeros if it is deleted. */
  readonly to: string;
}

/** What git is about to do. */
export interface Question {
  readonly updates: readonly RefUpdate[];
  /** With these variables git finds the objects of the push, which are not in the repository yet. */
  readonly quarantine: GitEnvironment;
}

/** dynosim's ends of the hook's descriptors. */
export interface HookLines {
  readonly talk: Duplex;
  readonly status: Duplex;
}

/** dynosim's end of the hook of one push. */
export class Hook {
  /** Resolves with what the hook asks, or with undefined if git ends without asking, as it may refuse a push itself. */
  readonly question: Promise<Question | undefined>;
  #lines: HookLines | undefined;
  #isOver = false;
  #isCut = false;

  /**
   * @param inherited of git's descriptors
   * @param called resolves if the hook has none of them
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
        this.#isOver = true;
        resolve(undefined);
      });
    });
  }

  /** It was told to end, or git has ended: nobody listens any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Shows text to whoever pushes. */
  say(text: string): void {
    const talk = this.#lines?.talk;
    if (!talk || this.#isOver) return;
    const isCut = talk.writableLength > UNREAD_BYTES;
    if (isCut && !this.#isCut)
      talk.write('\n !     dynosim: some output is left out here, as nobody read it.\n');
    this.#isCut = isCut;
    if (!isCut) talk.write(text);
  }

  /** Ends the hook, now or once it asks, and tells git whether to move the refs. The first call counts. */
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
  // Whoever pushes may leave, and git may be killed, at any time.
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
    quarantine: { GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates },
  };
}

function parseUpdate(line: string): RefUpdate {
  const [from = '', to = '', ...ref] = line.split(' ');
  return { ref: ref.join(' '), from, to };
}
