"""Fails where an include goes up the layers, or where the binary reaches past the public interface.

    python3 tests/layers/check_layers.py [ROOT]

Dependencies point one way: tools -> query -> engine -> storage. `include/stave` may be used by all.
The binary (tools/main.cc, tools/cli) sees `include/stave` and its own folder only, and
storage/inspect.h, which prints files in the words of the format.
"""
import pathlib
import re
import sys

LAYERS = ["storage", "engine", "query", "tools"]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)


def is_binary(path):
    return path.parts[:2] == ("tools", "cli") or path.as_posix() == "tools/main.cc"


def faults(root):
    for path in sorted(root.rglob("*")):
        if path.suffix not in {".h", ".cc"}:
            continue
        place = path.relative_to(root)
        layer = place.parts[0]
        if layer not in LAYERS + ["include"]:
            continue
        allowed = set(LAYERS[: LAYERS.index(layer) + 1]) if layer in LAYERS else set()
        for name in INCLUDE.findall(path.read_text()):
            target = name.split("/")[0]
            if target not in LAYERS:
                continue
            if target not in allowed:
                yield f"{place}: a file of `{layer}` includes {name}, which is above it"
            elif is_binary(place) and not (name.startswith("tools/cli/") or name == "storage/inspect.h"):
                yield f"{place}: the binary includes {name}; it may use include/stave only"


if __name__ == "__main__":
    found = list(faults(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
    print("\n".join(found))
    sys.exit(1 if found else 0)
