"""Stores made by the built `stave`, and what both readers print of them."""
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from format_reader.column_file import MAGIC as COLUMN_MAGIC
from format_reader.column_file import ColumnFile
from format_reader.csv_output import table_as_csv
from format_reader.store import Store

BINARY = os.environ["STAVE_BINARY"]
GOLDEN = pathlib.Path(__file__).parent.parent / "golden"

# A record of CSV: line ends inside quotes do not end it.
RECORD = re.compile(rb'(?:[^"\n]|"[^"]*")*\n')


def sorted_records(text):
    """The header and the other records in order, byte for byte."""
    records = RECORD.findall(text)
    return records[:1], sorted(records[1:])


class FormatTest(unittest.TestCase):
    """A case with a folder of its own."""

    maxDiff = 4000

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stave-format-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_stave(self, *arguments):
        return subprocess.run([BINARY, *map(str, arguments)], cwd=self.folder, capture_output=True, timeout=300,
                              check=False)

    def stave(self, *arguments):
        done = self.run_stave(*arguments)
        self.assertEqual(0, done.returncode, f"stave {' '.join(map(str, arguments))}\n{done.stderr.decode()}")
        return done.stdout

    def run_reader(self, *arguments):
        """The reader as its users run it."""
        return subprocess.run([sys.executable, "-m", "format_reader", *map(str, arguments)],
                              cwd=pathlib.Path(__file__).parent.parent, capture_output=True, timeout=300, check=False)

    def printed(self, store, table):
        return self.stave("query", store, f"from `{table}`", "--format", "csv", "--quiet")

    def assert_agreement(self, folder):
        """Both readers print the same rows of every table; returns the rows of each."""
        store, rows = Store(folder), {}
        for table in store.manifest.tables:
            ours = sorted_records(b"".join(table_as_csv(store, table.name)))
            self.assertEqual(sorted_records(self.printed(folder, table.name)), ours, table.name)
            rows[table.name] = len(ours[1])
        return rows


def blocks_of(folder):
    """(kind, compression, codec ids) of every block in a folder of column files and packs."""
    for path in sorted((*pathlib.Path(folder).rglob("*.col"), *pathlib.Path(folder).rglob("*.pack"))):
        data = path.read_bytes()
        begins = [match.start() for match in re.finditer(COLUMN_MAGIC, data)] + [len(data)]
        for begin, end in itertools.pairwise(begins):
            column = ColumnFile(data[begin:end])
            for entry in column.entries:
                yield column.kind, entry.compression, entry.codecs
