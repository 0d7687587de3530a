import { buildpackOf, NO_LANGUAGE } from '../../base/buildpacks.js';
import { namesIn } from '../../base/read.js';
import { enumerate, quote } from '../../base/wording.js';
import { buildpacksOfAppJson } from '../../config/check/buildpacks.js';
import { neededPrograms } from '../../config/check/dependencies/needed.js';
import { buildpacksFor, LANGUAGES } from '../../config/languages.js';
import { errorAbout, warning } from '../../procfile/problem.js';
import { type Answer, type FileQuestion, pass, skip } from '../question.js';
import type { Subject } from '../subject.js';
import { answerOf } from './answer-of.js';

/** https://devcenter.heroku.com/articles/buildpacks#buildpack-detect-order */
export const buildpack: FileQuestion = {
  title: 'A buildpack takes the app',
  why: "The buildpacks that are set for the app build what is pushed, else the first of Heroku's that knows one of its files; if none takes the app, the push is rejected.",
  link: 'https://devcenter.heroku.com/articles/buildpacks#buildpack-detect-order',
  about: 'files',
  ask(subject) {
    const { dir, buildpacks } = subject;
    if (buildpacks.length > 0) return ofSet(buildpacks, '.', dir);
    const named = buildpacksOfAppJson(dir);
    if (named.length > 0) return ofSet(named, 'app.json', dir);
    const [first] = buildpacksFor(dir);
    return first === undefined ? ofUnknown(subject) : pass(`${first} takes it.`);
  },
};

type Language = (typeof LANGUAGES)[number];

function languageOf(name: string | undefined): Language | undefined {
  return LANGUAGES.find((language) => language.buildpack === name);
}

/** How the buildpack of a language comes to take an app. */
function howToAdd(language: Language): string {
  const hint = `Add ${language.file} to git`;
  return 'maker' in language ? `${hint}; this makes it: ${language.maker}` : `${hint}.`;
}

/** @param file names the buildpacks, if it is not `.` */
function ofSet(names: readonly string[], file: string, dir: string): Answer {
  const taking: readonly string[] = buildpacksFor(dir);
  const known = names.flatMap((name) => languageOf(name) ?? []);
  const refusing = known.filter((language) => !taking.includes(language.buildpack));
  const problems = refusing.map((language) => {
    const message = `The buildpack ${language.buildpack} is set and knows none of the app's files: a push is rejected with "App not compatible with buildpack".`;
    return errorAbout(file, message, howToAdd(language));
  });
  const others = names.filter((name) => name !== 'none' && languageOf(name) === undefined);
  const unknown = others.map(notKnown);
  return answerOf({ problems, unknown }, `${enumerate(names)} ${names.length > 1 ? 'are' : 'is'} set.`);
}

/** Of an app whose language no file shows: its commands may. */
function ofUnknown({ dir, report, procfile }: Subject): Answer {
  const names = namesIn(dir);
  if (names.includes('heroku.yml')) return skip(BY_HEROKU_YML);
  const programs = neededPrograms(report.processes, {});
  const program = programs.find((one) => buildpackOf(one.name) !== undefined);
  const name = buildpackOf(program?.name ?? '');
  const language = languageOf(name);
  if (name !== undefined && !language) return skip(notKnown(name));
  const reason = language
    ? `${quote(program?.name ?? '')} comes with ${name}, which knows its apps by files such as ${quote(language.file)}, and there is none`
    : "No file shows the app's language";
  // A warning: the app's buildpacks on Heroku may be set, which no file shows.
  const message = `${reason}: unless buildpacks are set for it, a push is rejected with "${NO_LANGUAGE}".`;
  const line = report.processes.find(({ type }) => type === program?.by)?.line;
  const problem = names.includes('Dockerfile')
    ? warning('Dockerfile', message, BY_DOCKERFILE)
    : warning(procfile, message, language ? howToAdd(language) : ADD_ANY, line);
  return answerOf({ problems: [problem] }, '');
}

const BY_HEROKU_YML =
  'No buildpack takes it. Heroku builds what heroku.yml describes after "heroku stack:set container"; dynosim does not.';

const BY_DOCKERFILE = 'Let heroku.yml name the Dockerfile, and run: heroku stack:set container';

const ADD_ANY = `Add the file of its language to git: ${enumerate(
  LANGUAGES.map(({ file }) => file),
  'or',
)}.`;

function notKnown(name: string): string {
  return `Whether ${name} takes the app is not known.`;
}
