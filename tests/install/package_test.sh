#!/usr/bin/env bash
# Makes a package of the build, unpacks it into an empty folder, and tries what is in it.
#   package_test.sh DEB|TGZ BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
kind=$1 build=$2 source=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }
if [ "$kind" = TGZ ] && [ ! -x "$build/portable/stave" ]; then
  echo "skipped: the archives of the libraries are not there"; exit 77
fi
quietly cpack --config "$build/CPackConfig.cmake" -G "$kind" -B "$work/packages"

# A session with the binary, without anything of the user's.
session() {
  mkdir -p "$work/session"
  cd "$work/session"
  local stave=(env -i "$1")
  "${stave[@]}" gen dumps --streams 1000 --tracks 50 --users 20 --days 2 --quiet
  "${stave[@]}" init music.stave --timezone Europe/Berlin
  "${stave[@]}" import music.stave streams dumps/streams.csv --quiet
  test "$("${stave[@]}" query music.stave 'from streams | summarize n = count()' --format csv | tail -1)" = 1000
  "${stave[@]}" query music.stave 'from streams' -o plays.parquet
  "${stave[@]}" verify music.stave
  # Libraries that are opened when they are used.
  "${stave[@]}" query music.stave 'from streams' -o plays.jsonl
  gzip -f plays.jsonl
  "${stave[@]}" init again.stave --timezone Europe/Berlin
  "${stave[@]}" import again.stave streams plays.jsonl.gz --quiet
  test "$("${stave[@]}" query again.stave 'from streams | summarize n = count()' --format csv | tail -1)" = 1000
}

# Pages that a reader of manuals has nothing to say against, one for each command.
manuals() {
  local page command
  for page in "$1"/man?/*; do
    groff -man -Tutf8 -K utf8 -ww -z "$page" >"$work/faults" 2>&1
    cat "$work/faults"
    test ! -s "$work/faults"
  done
  for command in $("$build/stave" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p'); do
    test -s "$1/man1/stave-$command.1"
    grep -q "stave.-$command" "$1/man1/stave.1"
  done
}

completions() {
  bash -c "source '$1/bash-completion/completions/stave' && complete -p stave" >/dev/null
  head -1 "$1/zsh/vendor-completions/_stave" | grep -qx '#compdef stave'
  cmp "$1/fish/vendor_completions.d/stave.fish" <("$build/stave" completion fish)
}

try_deb() {
  local package root=$work/root
  package=$(echo "$work"/packages/stave_*.deb)
  dpkg-deb -x "$package" "$root"
  session "$root/usr/bin/stave"
  manuals "$root/usr/share/man"
  completions "$root/usr/share"
  # Every function of the C interface has its manual.
  for name in $(nm -D --defined-only "$root/usr/lib/libstave.so.1" | grep -oE 'stave_[a-z_]+'); do
    grep -q "$name(" "$root/usr/share/man/man3/stave.3"
  done
  dpkg-deb -f "$package" Depends | tee "$work/depends"
  for library in libc6 libstdc++6 libzstd1 libfmt9 tzdata libisal2 libsimdjson14; do
    grep -qE "(^|, )${library//+/\\+}( |,|$)" "$work/depends"
  done
  # Debian's own view: all that it depends on is here, and nothing is overwritten.
  if [ "$(id -u)" -eq 0 ]; then
    dpkg --no-act -i "$package"
  fi
  cc -std=c99 "$source/examples/c/plays.c" -o "$work/program" -I"$root/usr/include" -L"$root/usr/lib" -lstave
  mkdir "$work/data"
  LD_LIBRARY_PATH=$root/usr/lib "$work/program" "$work/data"
}

try_tgz() {
  mkdir "$work/empty"
  tar -xzf "$work"/packages/stave-*.tar.gz -C "$work/empty"
  local root
  root=$(echo "$work"/empty/stave-*)
  session "$root/bin/stave"
  manuals "$root/share/man"
  completions "$root/share"
  echo "Needed of the machine:"
  ldd "$root/bin/stave" | grep -E '=>|ld-linux' | grep -vF "$root" | sed 's/ (0x.*//' | sort -u |
    tee "$work/needed"
  if grep -vE '(libc\.so\.6|libm\.so\.6|ld-linux-[a-z0-9-]+\.so\.2|linux-vdso)' "$work/needed"; then
    echo "More than what every glibc brings."
    exit 1
  fi
  test "$(find "$root/share/doc/stave/licences" -name '*.txt' | wc -l)" -gt 10
}

if [ "$kind" = DEB ]; then try_deb; else try_tgz; fi
