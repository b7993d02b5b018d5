/** The shells that can complete command lines. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof SHELLS)[number]

// Each script asks `tagwerk complete`, whose lines are a candidate, a tab and its description. Without candidates the shell
// completes the names of files.

const BASH = `# bash completion for tagwerk
_tagwerk() {
  local candidate description
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate description; do
    COMPREPLY+=("$candidate")
  done < <(tagwerk complete bash -- "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
} 2>/dev/null
complete -o default -F _tagwerk tagwerk
`

const ZSH = `#compdef tagwerk
# zsh completion for tagwerk
_tagwerk() {
  local line candidate
  local -a described
  while IFS= read -r line; do
    candidate=\${line%%$'\\t'*}
    described+=("\${candidate//:/\\\\:}:\${line#*$'\\t'}")
  done < <(tagwerk complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${words[CURRENT]}" 2>/dev/null)
  if (( \${#described} )); then _describe tagwerk described; else _files; fi
}
if [[ $funcstack[1] == _tagwerk ]]; then _tagwerk "$@"; else compdef _tagwerk tagwerk; fi
`

const FISH = `# fish completion for tagwerk
function __tagwerk_complete
    set -l words (commandline -opc)
    set -l candidates (tagwerk complete fish -- $words[2..-1] (commandline -ct | string collect --allow-empty) 2>/dev/null)
    if set -q candidates[1]
        printf '%s\\n' $candidates
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c tagwerk -f -a '(__tagwerk_complete)'
`

/** The script of each shell. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH }
