"""Fails where two files define a type of one name in one namespace.

    python3 tests/layers/check_type_names.py [ROOT]

The linker keeps one of two inline functions of the same name, such as the destructors of two such
types, and the program goes wrong where the other was meant; no compiler or linker says so. Types in
anonymous namespaces and within others are their file's own. Reads the layout that clang-format
gives: what stands at namespace level begins its line.
"""
import collections
import pathlib
import re
import sys

ROOTS = ["include", "storage", "engine", "query", "tools"]
OPEN = re.compile(r"namespace(?: ([\w:]+))? \{$")
CLOSE = re.compile(r"\}  // namespace(?: ([\w:]+))?$")
TYPE = re.compile(r"(?:class|struct|union|enum(?: class)?) (?:\[\[\w+\]\] |alignas\(\w+\) )?((?:\w+::)*\w+)(?: final)?\b[^;()]*$")


def types_of(text):
    inside = []
    for line in text.splitlines():
        if found := OPEN.match(line):
            inside.append(found.group(1))
        elif CLOSE.match(line) and inside:
            inside.pop()
        elif inside and None not in inside and (found := TYPE.match(line)):
            yield "::".join([*inside, found.group(1)])


def faults(root):
    files = collections.defaultdict(list)
    for folder in ROOTS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".h", ".cc"}:
                for name in types_of(path.read_text()):
                    files[name].append(path.relative_to(root).as_posix())
    for name, places in sorted(files.items()):
        if len(places) > 1:
            yield f"{name} is defined in {' and in '.join(places)}: give one of them another name"


if __name__ == "__main__":
    found = list(faults(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
    print("\n".join(found))
    sys.exit(1 if found else 0)
