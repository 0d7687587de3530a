/**
 * The words of a command without shell syntax, such as `node server.js` or `exec gunicorn "my app"`, if its program
 * cannot tell whether bash has started it. Undefined in every case of doubt: bash runs the command.
 * docs/adr/0013-plain-commands.md explains this.
 * @param env the complete environment
 */
export function plainWords(
  command: string,
  env: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  const [, exec, program = '', rest = ''] = COMMAND.exec(command) ?? [];
  if (program === '' || (exec === undefined && BUILTINS_AND_KEYWORDS.has(program)) || !isPlainEnv(env))
    return undefined;
  const others = Array.from(rest.matchAll(WORD), ([word]) => word.replace(QUOTED, '$1$2'));
  return [...(exec === undefined ? [] : ['exec']), program, ...others];
}

/** A word in which every character means itself, or is quoted. Only ASCII, since not every locale is UTF-8. */
const WORD = /(?:[\w./@%+=:,-]|'[ -&(-~]*'|"[ !#%-[\]^_a-~]*")+/g;
const QUOTED = /'([^']*)'|"([^"]*)"/g;
/** No assignment, and no option of bash. */
const PROGRAM = '[\\w./@][\\w./@%+:,-]*';
const COMMAND = new RegExp(`^[ \\t]*(exec[ \\t]+)?(${PROGRAM})((?:[ \\t]+${WORD.source})*)[ \\t]*$`);

/** As `compgen -bk` lists them. */
const BUILTINS_AND_KEYWORDS: ReadonlySet<string> = new Set(
  `. : alias bg bind break builtin caller case cd command compgen complete compopt continue coproc declare dirs disown do
  done echo elif else enable esac eval exec exit export false fc fg fi for function getopts hash help history if in jobs
  kill let local logout mapfile popd printf pushd pwd read readarray readonly return select set shift shopt source suspend
  test then time times trap true type typeset ulimit umask unalias unset until wait while`.split(/\s+/),
);

/** Variables that bash obeys when it starts a command, or does not pass on as they are. */
const BASHS_OWN =
  /^(?:BASH.*|SHELLOPTS|POSIXLY_CORRECT|EXECIGNORE|GLOBIGNORE|IFS|PS\d|PPID|E?UID|LINENO|OPT(?:IND|ERR)|S?RANDOM|SECONDS|EPOCH.*|HISTCMD|COMP_.*|DIRSTACK|FUNCNAME|GROUPS|PIPESTATUS)$/;

function isPlainEnv(env: Readonly<Record<string, string>>): boolean {
  if (Object.keys(env).some((name) => BASHS_OWN.test(name))) return false;
  const { SHLVL = '0', SSH_CLIENT, SSH2_CLIENT } = env;
  // Bash writes it in its own way, and Debian's reads ~/.bashrc if sshd seems to have started it.
  const level = /^(?:0|[1-9]\d{0,2})$/.test(SHLVL) ? Number(SHLVL) : 999;
  return level < 999 && (level > 0 || (SSH_CLIENT ?? SSH2_CLIENT) === undefined);
}
