# Completion of `stave` in bash:  source <(stave completion bash)
_stave() {
  local line
  COMPREPLY=()
  # Inside quotes readline replaces what is behind the opening one.
  while IFS= read -r line; do
    [[ $line == :files ]] && { compopt -o default -o filenames; COMPREPLY=(); return; }
    COMPREPLY+=("$line")
  done < <("${COMP_WORDS[0]}" completion --words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o nospace -F _stave stave
