/** What Heroku's buildpack for Python says, word for word. https://github.com/heroku/heroku-buildpack-python */

const TRY_UV = `If you aren't sure which package manager to use, we recommend
trying uv, since it supports lockfiles, is extremely fast, and
is actively maintained by a full-time team:
https://docs.astral.sh/uv/`;

export const PIPFILE_WITHOUT_LOCK = `Error: No 'Pipfile.lock' found!

A 'Pipfile' file was found, however, the associated 'Pipfile.lock'
Pipenv lockfile wasn't. This means your app dependency versions
aren't pinned, which means the package versions used on Heroku
might not match those installed in other environments.

Using Pipenv in this way is unsafe and no longer supported.

Run 'pipenv lock' locally to generate the lockfile, and make sure
that 'Pipfile.lock' isn't listed in '.gitignore' or '.slugignore'.

Alternatively, if you wish to switch to another package manager,
delete your 'Pipfile' and then add either a 'requirements.txt',
'poetry.lock' or 'uv.lock' file.

${TRY_UV}`;

export const SETUP_PY_ONLY = `Error: Implicit setup.py file support has been sunset.

Your app currently only has a setup.py file and no Python
package manager files. This means that the buildpack can't
tell which package manager you want to use, and whether to
install your project in editable mode or not.

Previously the buildpack guessed and used pip to install your
dependencies in editable mode. However, this fallback was
deprecated in September 2025 and has now been sunset.

You must now add an explicit package manager file to your app,
such as a requirements.txt, poetry.lock or uv.lock file.

To continue using your setup.py file with pip in editable
mode, create a new file in the root directory of your app
named 'requirements.txt' containing the requirement
'--editable .' (without quotes).

Alternatively, if you wish to switch to another package
manager, we recommend uv, since it supports lockfiles, is
faster, and is actively maintained by a full-time team:
https://docs.astral.sh/uv/`;

export function noPackageManager(files: Iterable<string>): string {
  return `Error: Couldn't find any supported Python package manager files.

A Python app on Heroku must have either a 'requirements.txt',
'Pipfile.lock', 'poetry.lock' or 'uv.lock' package manager file
in the root directory of its source code.

Currently the root directory of your app contains:

${[...files].join('\n')}

If your app already has a package manager file, check that it:

1. Is in the top level directory (not a subdirectory).
2. Has the correct spelling (the filenames are case-sensitive).
3. Isn't listed in '.gitignore' or '.slugignore'.
4. Has been added to the Git repository using 'git add --all'
   and then committed using 'git commit'.

Otherwise, add a package manager file to your app. If your app has
no dependencies, then create an empty 'requirements.txt' file.

${TRY_UV}

For help with using Python on Heroku, see:
https://devcenter.heroku.com/articles/getting-started-with-python
https://devcenter.heroku.com/articles/python-support`;
}

/** @param found `requirements.txt (pip)` */
export function severalPackageManagers(found: readonly string[]): string {
  return `Error: Multiple Python package manager files were found.

Exactly one package manager file should be present in your app's
source code, however, several were found:

${found.join('\n')}

Previously, the buildpack guessed which package manager to use
and installed your dependencies with the first package manager
listed above. However, this implicit behaviour was deprecated
in November 2024 and is now no longer supported.

You must decide which package manager you want to use with your
app, and then delete the file(s) and any config from the others.

${TRY_UV}`;
}

/** @param dir `venv` */
export function checkedInVenv(dir: string): string {
  return `Error: Existing '${dir}/' directory found.

Your app's source code contains an existing directory named
'${dir}/', which looks like a Python virtual environment.

Including a virtual environment directory in your app source
isn't supported since the files within it are specific to a
single machine and so won't work when run somewhere else.

If you've committed a '${dir}/' directory to your Git repo, you
must delete it and add the directory to your .gitignore file.

To do this:
1. Run 'git rm --cached -r ${dir}/' to remove the directory
   from the Git index.
2. Create a '.gitignore' file in the root of your repository
   if it doesn't already exist.
3. Add the '${dir}/' directory to the .gitignore file as a
   new entry on its own line (don't include the quotes).
4. Stage the change using 'git add .gitignore' and then
   'git commit' all changes.

For more information, see:
https://docs.github.com/en/get-started/git-basics/ignoring-files`;
}

export const CHECKED_IN_PYTHON = `Error: Existing '.heroku/python/' directory found.

Your app's source code contains an existing directory named
'.heroku/python/', which is where the Python buildpack needs
to install its files.

Writing to internal locations used by the Python buildpack
isn't supported and can cause unexpected errors.

If you have committed a '.heroku/python/' directory to your
Git repo, you must delete it or use a different location.

Otherwise, check that an earlier buildpack or 'bin/pre_compile'
hook hasn't created this directory.`;

/** @param hook `bin/pre_compile` */
export function failedHook(hook: string): string {
  return `Error: Failed to run the ${hook} script.

We found a '${hook}' script in your app source, so ran
it to allow for customisation of the build process.

However, this script exited with a non-zero exit status.

Fix any errors output by your script above, or remove/rename
the script to prevent it from being run during the build.`;
}

/** @param program `pip` */
export function failedInstall(program: string): string {
  return `Error: Unable to install dependencies using ${program}.

See the log output above for more information.`;
}

export function failedCollectstatic(manage: string): string {
  return `Error: Unable to generate Django static files.

The 'python ${manage} collectstatic --noinput' Django
management command to generate static files failed.

See the traceback above for details.

You may need to update application code to resolve this error.
Or, you can disable collectstatic for this application:

   $ heroku config:set DISABLE_COLLECTSTATIC=1

https://devcenter.heroku.com/articles/django-assets`;
}
