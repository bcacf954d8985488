#!/usr/bin/env bash
# libstave.so exports what include/stave/stave.h declares, and nothing else.
#   interface_test.sh LIBRARY HEADER
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
nm -D --defined-only "$1" | awk '$2 != "A" {sub(/@.*/, "", $3); print $3}' | sort >"$work/exported"
grep -v '^ *\*' "$2" | grep -oE '\bstave_[a-z_]+\(' | tr -d '(' | sort -u >"$work/declared"
diff "$work/declared" "$work/exported"
test "$(wc -l <"$work/exported")" -gt 20
objdump -p "$1" >"$work/headers"  # a pipe that grep -q leaves early would count as a failure
grep -qE 'SONAME +libstave\.so\.1$' "$work/headers"
# For C as it was in 1999.
echo "#include <stave/stave.h>" | cc -std=c99 -Wall -Wextra -Wpedantic -Wstrict-prototypes -Werror -fsyntax-only \
  -I"$(dirname "$2")/.." -x c -
