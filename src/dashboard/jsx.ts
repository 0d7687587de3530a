/** What the build makes of JSX: calls of `h`, which are shorter than those of preact's JSX runtime. */
export { Fragment, h } from 'preact';
