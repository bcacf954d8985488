#!/usr/bin/env bash
# Format and lints over the whole tree; silent and 0 when clean.
#   tools/lint.sh [--fix] [--tidy LIST] [FILE...]       without files: everything that git knows
# `--tidy LIST` runs clang-tidy only on the folders that LIST names, one a line.
set -uo pipefail
cd "$(dirname "$0")/.."
tools/install-dependencies.sh --tests --lint || exit 1
fix=
[ "${1:-}" = --fix ] && { fix=1; shift; }
folders=.
[ "${1:-}" = --tidy ] && { folders="^($(paste -sd'|' "$2"))/"; shift 2; }
files=("$@")
[ ${#files[@]} -gt 0 ] || mapfile -t files < <(git ls-files '*.cc' '*.h')
outcome=0
if [ -n "$fix" ]; then
  clang-format -i "${files[@]}"
else
  clang-format --dry-run --Werror "${files[@]}" || outcome=1
fi
# A build folder of its own, never built: Clang cannot read the precompiled headers of GCC.
cmake --preset release -B build/lint -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null || exit 1
mapfile -t sources < <(printf '%s\n' "${files[@]}" | grep -E '\.cc$' |
  grep -vE '^(tests/fuzz|tests/install|examples|bench)/' | grep -E "$folders")
printf '%s\n' "${sources[@]}" |
  xargs -P "$(nproc)" -n 4 clang-tidy -p build/lint --quiet 2>/dev/null || outcome=1
exit "$outcome"
