# Completion of `stave` in fish:  stave completion fish | source
function __stave_words
    set -l words (commandline --cut-at-cursor --tokenize) (commandline --current-token --cut-at-cursor)
    set -l found ($words[1] completion --words -- $words[2..-1] 2>/dev/null)
    if test "$found[1]" = :files
        __fish_complete_path (commandline --current-token --cut-at-cursor)
    else
        printf '%s\n' $found
    end
end
complete --command stave --no-files --arguments '(__stave_words)'
