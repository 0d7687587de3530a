export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A shell that dynosim can complete command lines for. */
export type Shell = (typeof SHELLS)[number];
