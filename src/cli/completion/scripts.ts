import type { Shell } from './shells.js';

/** Each hands the words to `dynosim __complete`, the one being typed last, and offers files if it has no answer. */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion for dynosim
_dynosim() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() current breaks= begun=
  read -ra words <<< "$line"
  while [[ \${#words[@]} -gt 1 && \${words[0]} != "$1" ]]; do words=("\${words[@]:1}"); done
  [[ $line == *[[:space:]] ]] && words+=('')
  current=\${words[\${#words[@]}-1]}
  local IFS=$'\\n'
  COMPREPLY=($("$1" __complete -- "\${words[@]:1}" 2> /dev/null))
  # Where bash ends a word at ":" or "=", it wants no more than what comes behind.
  [[ $COMP_WORDBREAKS == *:* ]] && breaks+=:
  [[ $COMP_WORDBREAKS == *=* ]] && breaks+==
  [[ $breaks ]] && begun=\${current%"\${current##*[$breaks]}"}
  COMPREPLY=("\${COMPREPLY[@]#"$begun"}")
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace
  return 0
}
complete -o default -F _dynosim dynosim`,

  zsh: `#compdef dynosim
_dynosim() {
  local -a replies
  replies=("\${(@f)$("\${(Q)words[1]}" __complete -- "\${(@Q)words[2,CURRENT]}" 2> /dev/null)}")
  replies=(\${replies:#})
  if (( ! \${#replies} )); then
    _files
    return
  fi
  compadd -S '' -- \${(M)replies:#*=}
  compadd -- \${replies:#*=}
}
if [[ $funcstack[1] == _dynosim ]]; then
  _dynosim "$@"
else
  compdef _dynosim dynosim
fi`,

  fish: `# fish completion for dynosim
function __dynosim_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l replies ($words[1] __complete -- $words[2..-1] "$current" 2> /dev/null)
    if test (count $replies) -gt 0
        printf '%s\\n' $replies
    else
        __fish_complete_path "$current"
    end
end
complete -c dynosim -f -a '(__dynosim_complete)'`,
};

export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
