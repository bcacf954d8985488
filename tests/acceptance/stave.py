"""Runs the built `stave` as a user would; the binary's path is in STAVE_BINARY."""
import csv
import io
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BINARY = os.environ["STAVE_BINARY"]
SHARED = pathlib.Path(os.environ.get("STAVE_SHARED", ""))


class StaveTest(unittest.TestCase):
    """A case with a folder of its own and a fresh store `music.stave` in it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stave-acceptance-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.store = self.folder / "music.stave"
        self.stave("init", self.store)

    def run_stave(self, *arguments):
        return subprocess.run([BINARY, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
                              timeout=300, check=False)

    def stave(self, *arguments):
        done = self.run_stave(*arguments)
        self.assertEqual(0, done.returncode, f"stave {' '.join(map(str, arguments))}\n{done.stderr}")
        return done.stdout

    def load(self, table, text):
        """Imports CSV text into a table."""
        path = self.folder / f"{table}-{len(list(self.folder.iterdir()))}.csv"
        path.write_text(text)
        return self.stave("import", self.store, table, path)

    def rows(self, *arguments):
        """The CSV that a command prints, as a header and a list of rows of text."""
        table = list(csv.reader(io.StringIO(self.stave(*arguments, "--format", "csv"))))
        return table[0], table[1:]

    def report(self, name, **parameters):
        arguments = [part for key, value in parameters.items() for part in ("-p", f"{key}={value}")]
        return self.rows("report", self.store, name, *arguments)

    def column_places(self, name, table="streams"):
        """(path, first byte, bytes) of each file of a column that the last snapshot has, in order of day."""
        lines = self.stave("inspect", self.store).split(f"\n  {table}: ", 1)[1].split("\n")[1:]
        of_table = itertools.takewhile(lambda line: line.startswith("    "), lines)
        places = (re.match(rf"      {name} +(\S+?)(?: from byte (\d+))? \((\d+) bytes", line) for line in of_table)
        return [(self.store / place[1], int(place[2] or 0), int(place[3])) for place in places if place]

    def flip(self, place):
        """Changes a bit in the middle of a file, or of a column file as `column_places` gives it."""
        path, first, size = place if isinstance(place, tuple) else (place, 0, place.stat().st_size)
        data = bytearray(path.read_bytes())
        data[first + size // 2] ^= 4
        path.write_bytes(data)

    def query(self, program):
        return self.rows("query", self.store, program)[1]


def needs_shared_data(test_class):
    present = (SHARED / "data/music/songs.csv").is_file()
    return unittest.skipUnless(present, "skipped: the shared real data is not beside the project")(test_class)
