#!/usr/bin/env bash
# What a bench beside other engines needs: their packages from npm, and Stave built for release.
set -euo pipefail
cd "$(dirname "$0")"
../tools/install-dependencies.sh --bench
npm install --no-package-lock --silent --no-audit --no-fund
STAVE_BUILD_TESTS=OFF ../tools/build.sh release stave_binary
