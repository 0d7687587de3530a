/** How an image of an app is made, as data. `dockerfile.ts` writes it down. */

export interface Recipe {
  /** The language as its buildpack calls it: `Node.js`. */
  readonly language: string;
  /** The image that the app runs in. */
  readonly base: string;
  /** The image that builds it; it may have compilers that the other one lacks. */
  readonly buildBase: string;
  /** Variables that a user may give the build, such as the address of a registry. They do not reach the image. */
  readonly settings: readonly string[];
  /** Set for the build alone. */
  readonly buildEnv: Readonly<Record<string, string>>;
  /** The instructions of a Dockerfile that build the app in /app. */
  readonly build: readonly string[];
  /** Set in the image; config vars count more. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders outside of /app that the build has filled. */
  readonly folders: readonly string[];
  /** Debian packages that the app needs where it runs. */
  readonly packages: readonly string[];
}

/** Copies the app's source. What must never be in an image is removed, because old builders read no ignore file. */
export const COPY_SOURCE: readonly string[] = ['COPY . .', 'RUN rm -rf .env* .git'];
