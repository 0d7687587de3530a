import { createStartCommand } from './commands/start.js';
import { Program } from './program.js';
import { runAndExit } from './run-and-exit.js';

/** `dynosim start` alone: its bundle has no other command, because dynos wait until all of it is loaded. */
runAndExit(new Program([{ title: 'Run an app', commands: [createStartCommand()] }]));
