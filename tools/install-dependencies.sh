#!/usr/bin/env bash
# Installs from Debian 12 what Stave needs and this machine lacks. Run again at will: it asks apt for
# nothing when everything is there. As root, or with sudo.
#   tools/install-dependencies.sh [--tests] [--lint] [--bench]
set -euo pipefail

build=(g++ cmake ninja-build pkg-config
  liblz4-dev libzstd-dev libxxhash-dev libisal-dev libsimdjson-dev libbz2-dev libsodium-dev libsnappy-dev libthrift-dev
  libbrotli-dev libflatbuffers-dev libxlsxwriter-dev libboost1.81-dev
  libcli11-dev libedit-dev libhwy-dev libtomlplusplus-dev libfmt-dev libexpected-dev libhowardhinnant-date-dev libabsl-dev tzdata)
tests=(libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev libboost-iostreams1.81-dev zlib1g-dev zstd bzip2
  dpkg-dev file groff-base
  python3 python3-lz4 python3-zstandard python3-xxhash)
lint=(clang clang-format clang-tidy libclang-rt-14-dev)
bench=(time zstd)
if ! command -v npm >/dev/null; then  # a newer Node.js than Debian's is fine too
  tests+=(nodejs npm)
  bench+=(nodejs npm)
fi

wanted=("${build[@]}")
for argument in "$@"; do
  case "$argument" in
    --tests) wanted+=("${tests[@]}") ;;
    --lint) wanted+=("${lint[@]}") ;;
    --bench) wanted+=("${bench[@]}") ;;
    *) echo "usage: tools/install-dependencies.sh [--tests] [--lint] [--bench]" >&2; exit 2 ;;
  esac
done

missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "These packages are missing and installing them needs root or sudo: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  "${missing[@]}" >/dev/null
