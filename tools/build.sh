#!/usr/bin/env bash
# Configures and builds one preset (release unless told otherwise), with what is installed.
#   tools/build.sh [PRESET] [TARGET...]
# STAVE_BUILD_TESTS=OFF leaves out the tests and the libraries that only they need; STAVE_BUILD_BENCHES=ON adds the
# benches.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
shift || true
launcher=()
command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake --preset "$preset" "${launcher[@]}" "-DSTAVE_BUILD_TESTS=${STAVE_BUILD_TESTS:-ON}" \
  ${STAVE_BUILD_BENCHES:+"-DSTAVE_BUILD_BENCHES=$STAVE_BUILD_BENCHES"} \
  >"/tmp/stave-configure.$$" 2>&1 || {
  cat "/tmp/stave-configure.$$" >&2
  rm -f "/tmp/stave-configure.$$"
  exit 1
}
rm -f "/tmp/stave-configure.$$"
cmake --build "build/$preset" ${1:+--target "$@"}
