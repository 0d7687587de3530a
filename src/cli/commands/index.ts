import type { Command } from 'commander';
import { createCheckCommand } from './check.js';
import { createStartCommand } from './start.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [createStartCommand(), createCheckCommand()];
