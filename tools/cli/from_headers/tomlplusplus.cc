// What toml++'s shared library holds, made of its headers: Debian has no archive of it.
#define TOML_HEADER_ONLY 0
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
