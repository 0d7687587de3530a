/** What the bundle of the library has: one module for each entry point of the package. */
export * as index from './index.js';
export * as testing from './testing.js';
