#!/usr/bin/env bash
# Installs the built package into a folder of its own; users' programs in C++, C and Python are built against it and run.
#   install_test.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }
fresh() { rm -rf "$work/data" && mkdir "$work/data" && echo "$work/data"; }

quietly cmake --install "$build" --prefix "$work/usr"
"$work/usr/bin/stave" --version
export PKG_CONFIG_PATH=$work/usr/lib/pkgconfig LD_LIBRARY_PATH=$work/usr/lib

echo "find_package:"
quietly cmake -S "$work/usr/share/doc/stave/examples" -B "$work/examples" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_PREFIX_PATH="$work/usr"
quietly cmake --build "$work/examples"
"$work/examples/plays_in_cpp" "$(fresh)" | tee "$work/cpp"
grep -qx "2025-05-01 2" "$work/cpp"
"$work/examples/plays_in_c" "$(fresh)" | tee "$work/c"
grep -qx "day 20209 2" "$work/c"

echo "pkg-config:"
c99=(-std=c99 -Wall -Wextra -Wpedantic -Wconversion -Werror)
# shellcheck disable=SC2046
quietly cc "${c99[@]}" "$source/examples/c/plays.c" -o "$work/c_program" $(pkg-config --cflags --libs stave)
"$work/c_program" "$(fresh)" | cmp - "$work/c"
# shellcheck disable=SC2046
quietly c++ "$source/examples/cpp/plays.cc" -o "$work/cpp_program" $(pkg-config --cflags --libs stave-cpp)
"$work/cpp_program" "$(fresh)" | cmp - "$work/cpp"

echo "Names of libraries that a user may have another copy of are left to them:"
if nm -C "$work"/usr/lib/libstave.a 2>/dev/null | grep -E '^[0-9a-f]+ [TDBR] (simdjson|date)::'; then exit 1; fi

echo "A project in C alone needs no library but this:"
mkdir "$work/project"
cat >"$work/project/CMakeLists.txt" <<'PROJECT'
cmake_minimum_required(VERSION 3.22)
project(only_c LANGUAGES C)
find_package(stave REQUIRED COMPONENTS shared)
get_target_property(needed stave::shared INTERFACE_LINK_LIBRARIES)
if(needed OR TARGET stave::stave)
  message(FATAL_ERROR "More than the shared library: ${needed}")
endif()
PROJECT
quietly cmake -S "$work/project" -B "$work/project/build" -G Ninja -DCMAKE_PREFIX_PATH="$work/usr"

echo "Python:"
cd "$work/usr/share/doc/stave/examples/python"
STAVE_LIBRARY=$work/usr/lib/libstave.so.1 python3 -m unittest stave_test
