import { COMMAND_GROUPS, HIDDEN_COMMANDS } from './commands/index.js';
import { Program } from './program.js';
import { runAndExit } from './run-and-exit.js';

/** The whole command line. */
runAndExit(new Program(COMMAND_GROUPS, HIDDEN_COMMANDS));
