import { userInfo } from 'node:os';
import { UserError } from '../../base/errors.js';
import { type CommandLine, loadPrograms } from '../../base/process.js';

/** Runs a program as `nobody` of a user namespace: its files stay the user's own, and its process ID stays the same. */
const AS_NOBODY: CommandLine = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];

/** Before a command that runs as the user: nothing. */
const AS_SELF: readonly string[] = [];

/**
 * What to put before PostgreSQL's commands, which refuse root, and users without a name (`docker run --user 1234`).
 * @throws UserError `BAD_USER` for such a user, if the system allows no user namespaces
 */
export async function identity(shell: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const problem = problemOfUser();
  if (problem === undefined) return AS_SELF;
  const { run } = await loadPrograms();
  const { status } = await run([...AS_NOBODY, 'true'], { env: shell }).finished;
  if (status === 0) return AS_NOBODY;
  throw new UserError(
    'BAD_USER',
    `PostgreSQL does not run as ${problem}, and this system allows no user namespaces (unshare --user)`,
    'Run dynosim as another user: in Docker, with --user and a user of the image.',
  );
}

function problemOfUser(): string | undefined {
  try {
    return userInfo().uid === 0 ? 'root' : undefined;
  } catch {
    return 'a user without a name';
  }
}
