#compdef stave
# Completion of `stave` in zsh:  source <(stave completion zsh)
_stave() {
  local -a found
  found=("${(@f)$("${words[1]}" completion --words -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  if [[ ${found[1]} == :files ]]; then
    _files
  elif [[ -n ${found[1]} ]]; then
    compadd -S '' -a found
  fi
}
# Called where zsh loaded this file by its name, else told of.
if [[ ${funcstack[1]} == _stave ]]; then _stave; else compdef _stave stave; fi
