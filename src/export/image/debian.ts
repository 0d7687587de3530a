/** The libraries that packages of Python and Ruby need at run time, and that small images lack. */

interface LibraryRow {
  /** Found in a list of an app's packages. */
  readonly needed: RegExp;
  readonly packages: readonly string[];
}

const LIBRARIES: readonly LibraryRow[] = [
  {
    needed: /^[\s"]*(?:name = ")?(?:psycopg2|psycopg\[[^\]]*\bc\b|pg (?=\())(?![\w-])/im,
    packages: ['libpq5'],
  },
  { needed: /^[\s"]*(?:name = ")?(?:mysqlclient|mysql2 (?=\())(?![\w-])/im, packages: ['libmariadb3'] },
  { needed: /^[\s"]*(?:name = ")?(?:ruby-vips|pyvips)(?![\w-])/im, packages: ['libvips42'] },
  { needed: /^[\s"]*(?:name = ")?(?:rmagick|wand)(?![\w-])/im, packages: ['imagemagick'] },
];

/** @param lists the text of requirements.txt, Gemfile.lock and the like */
export function packagesFor(lists: string): readonly string[] {
  return LIBRARIES.filter(({ needed }) => needed.test(lists)).flatMap(({ packages }) => packages);
}
