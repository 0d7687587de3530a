/** What Heroku's buildpack for Python says of versions, word for word. */

import { OLDEST_PYTHON } from '../../config/languages.js';

/** What the buildpack takes if the app does not say. */
export const DEFAULT_PYTHON = '3.14';

const NO_PATCH_VERSION = `We strongly recommend that you don't specify the Python patch
version number, since it will pin your app to an exact Python
version and so stop your app from receiving security updates
each time it builds.`;

const EXACT_CONTENTS = `For example, to request the latest version of Python ${DEFAULT_PYTHON},
update your .python-version file so it contains exactly:
${DEFAULT_PYTHON}`;

function instructions(beginning: string): string {
  return `${beginning}
.python-version

Make sure to include the '.' character at the start of the
filename. Don't add a file extension such as '.txt'.

In the new file, specify your app's major Python version number
only. Don't include quotes or a 'python-' prefix.

${EXACT_CONTENTS}

${NO_PATCH_VERSION}`;
}

const INSTEAD_OF_RUNTIME_TXT = instructions(`Delete your runtime.txt file and create a new file in the
root directory of your app named:`);

export const INVALID_RUNTIME_TXT = `Error: Invalid Python version in runtime.txt.

The Python version specified in your runtime.txt file isn't
in the correct format.

However, the runtime.txt file is deprecated since it has been
replaced by the more widely supported .python-version file:
https://devcenter.heroku.com/changelog-items/3141

As such, we recommend that you switch to using .python-version
instead of fixing your runtime.txt file.

${INSTEAD_OF_RUNTIME_TXT}`;

export const RUNTIME_TXT_DEPRECATED = `Warning: The runtime.txt file is deprecated.

The runtime.txt file is deprecated since it has been replaced
by the more widely supported .python-version file:
https://devcenter.heroku.com/changelog-items/3141

Please switch to using a .python-version file instead.

${INSTEAD_OF_RUNTIME_TXT}

In the future support for runtime.txt will be removed and
this warning will be made an error.`;

export const UNSPECIFIED = `Warning: No Python version was specified.

Your app doesn't specify a Python version and so the buildpack
picked a default version for you.

Relying on this default version isn't recommended, since it
can change over time and may not be consistent with your local
development environment, CI or other instances of your app.

Please configure an explicit Python version for your app.

${instructions('Create a new file in the root directory of your app named:')}

If your app already has a .python-version file, check that it:

1. Is in the top level directory (not a subdirectory).
2. Is named exactly '.python-version' in all lowercase.
3. Isn't listed in '.gitignore' or '.slugignore'.
4. Has been added to the Git repository using 'git add --all'
   and then committed using 'git commit'.

In the future we will require the use of a .python-version
file and this warning will be made an error.`;

/** uv takes its version from .python-version alone. */
export const UNSPECIFIED_FOR_UV = `Error: No Python version was specified.

When using the package manager uv on Heroku, you must specify
your app's Python version with a .python-version file.

To add a .python-version file:

1. Make sure you are in the root directory of your app
   and not a subdirectory.
2. Run 'uv python pin ${DEFAULT_PYTHON}'
   (adjust to match your app's major Python version).
3. Commit the changes to your Git repository using
   'git add --all' and then 'git commit'.`;

export function invalidVersion(version: string): string {
  return `Error: Invalid Python version in .python-version.

The Python version specified in your .python-version file
isn't in the correct format.

The following version was found:
${version}

However, the Python version must be specified as either:
1. The major version only, for example: ${DEFAULT_PYTHON} (recommended)
2. An exact patch version, for example: ${DEFAULT_PYTHON}.999

Don't include quotes, a 'python-' prefix or wildcards. Any
code comments must be on a separate line prefixed with '#'.

${EXACT_CONTENTS}

${NO_PATCH_VERSION}`;
}

export function invalidPipfileVersion(version: string): string {
  return `Error: Invalid Python version in Pipfile.lock.

The Python version specified in your Pipfile.lock file by the
'python_version' or 'python_full_version' fields isn't valid.

The following version was found:
${version}

However, the Python version must be specified as either:
1. The major version only, for example: ${DEFAULT_PYTHON} (recommended)
2. An exact patch version, for example: ${DEFAULT_PYTHON}.999

Wildcards aren't supported.

Please update your Pipfile to use a valid Python version and
then run 'pipenv lock' to regenerate Pipfile.lock.`;
}

export const EMPTY_VERSION_FILE = `Error: No Python version found in .python-version.

No Python version was found in your .python-version file.

Update the file so that it contains your app's major Python
version number. Don't include quotes or a 'python-' prefix.

${EXACT_CONTENTS}

If the file already contains a version, check the line doesn't
begin with a '#', otherwise it will be treated as a comment.`;

export function severalVersions(versions: readonly string[]): string {
  return `Error: Multiple Python versions found in .python-version.

Multiple versions were found in your .python-version file:

${versions.join('\n')}

Update the file so it contains only one Python version.

${EXACT_CONTENTS}`;
}

/** @param origin the file that asks for it */
export function endOfLife(version: string, origin: string): string {
  return `Error: The requested Python version has reached end-of-life.

Python ${version} has reached its upstream end-of-life, and is
therefore no longer receiving security updates:
https://devguide.python.org/versions/#supported-versions

As such, it's no longer supported by this buildpack:
https://devcenter.heroku.com/articles/python-support#supported-python-versions

Please upgrade to at least Python ${OLDEST_PYTHON} by changing the
version in your ${origin} file.

If possible, we recommend upgrading all the way to Python ${DEFAULT_PYTHON},
since it contains many performance and usability improvements.`;
}
