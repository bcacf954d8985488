"""Golden stores: tests/golden/vN/NAME/ holds a store that the version N wrote, and what is in each of its tables.

`python3 golden.py make v1 NAME...` makes those that are not there yet, with the `stave` of STAVE_BINARY. One that is
there is never made again: every later version has to read it as it is."""
import hashlib
import pathlib
import subprocess
import sys
import tempfile

from golden_recipes import RECIPES
from stores import BINARY, GOLDEN, sorted_records

from format_reader.store import Store

LARGEST_CSV = 6000  # bytes; of a larger table there is only a digest


class Run:
    """Carries out a recipe: commands in the folder `inputs`, the store in `store`."""

    def __init__(self, store, inputs):
        self.store, self.inputs = pathlib.Path(store).resolve(), pathlib.Path(inputs)
        self.loads = 0

    def stave(self, *arguments):
        return subprocess.run([BINARY, *map(str, arguments)], cwd=self.inputs, capture_output=True, timeout=300,
                              check=True).stdout

    def init(self, schema, zone):
        path = self.inputs / "schema.toml"
        path.write_text(schema)
        self.stave("init", self.store, "--schema", path, "--timezone", zone)

    def load(self, table, text):
        self.loads += 1
        name = f"{table}-{self.loads}.csv"
        (self.inputs / name).write_text(text, encoding="utf-8", newline="")
        self.stave("import", self.store, table, name)


def expectation(text):
    """(file suffix, bytes) of what a table holds: its rows in order, or their digest."""
    header, rows = sorted_records(text)
    whole = b"".join(header + rows)
    if len(whole) <= LARGEST_CSV:
        return ".csv", whole
    return ".digest", f"{len(rows)} rows, sha256 {hashlib.sha256(whole).hexdigest()}\n".encode()


def golden_stores():
    """Folders of golden stores, of all versions."""
    return sorted(path.parent for path in GOLDEN.glob("v*/*/store"))


def make(version, names):
    for name in names:
        folder = GOLDEN / version / name
        if folder.exists():
            print(f"{folder} is there already and stays as it is")
            continue
        folder.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as inputs:
            run = Run(folder / "store", inputs)
            RECIPES[name](run)
            for table in Store(run.store).manifest.tables:
                suffix, text = expectation(run.stave("query", run.store, f"from `{table.name}`", "--format", "csv"))
                (folder / f"{table.name}{suffix}").write_bytes(text)
        (run.store / "LOCK").unlink()
        print(f"made {folder}")


if __name__ == "__main__":
    make(sys.argv[2], sys.argv[3:] or list(RECIPES))
