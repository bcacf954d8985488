"""What the campaigns through the built binary share: its path, a multiplier, made-up dumps, counting."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BINARY = os.environ["STAVE_BINARY"]
TIMES = max(1, int(os.environ.get("STAVE_CAMPAIGN_TIMES", "1")))
# Nothing here needs a disk: power loss is simulated elsewhere.
ROOM = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

DONE, FAILED, WRONG_USE, DAMAGED, LOCKED = 0, 1, 2, 5, 6


def report_count(what, count, outcome):
    """A line that tools/campaign.sh finds again."""
    print(f"campaign: {what}: {count}, {outcome}", flush=True)


class Campaign(unittest.TestCase):
    """A folder with dumps of a few thousand plays, cut into parts."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="stave-campaign-", dir=ROOM))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.dumps = cls.folder / "dumps"
        cls.stave("gen", cls.dumps, "--streams", 6000, "--tracks", 200, "--users", 150, "--days", 3, "--seed", 4)
        cls.parts = [cls.part(cls.dumps / "streams.csv", i, 3) for i in range(3)]

    @staticmethod
    def part(path, number, of):
        """Every third row of a CSV, beside it."""
        lines = path.read_text().splitlines(keepends=True)
        part = path.with_name(f"{path.stem}-{number}.csv")
        part.write_text("".join(lines[:1] + lines[1 + number::of]))
        return part

    @classmethod
    def run_stave(cls, *arguments, environment=None):
        return subprocess.run([BINARY, *map(str, arguments)], cwd=cls.folder, capture_output=True, text=True,
                              timeout=120, check=False, env={**os.environ, **(environment or {})})

    @classmethod
    def stave(cls, *arguments):
        done = cls.run_stave(*arguments)
        if done.returncode != DONE:
            raise AssertionError(f"stave {' '.join(map(str, arguments))}: {done.returncode}\n{done.stderr}")
        return done.stdout

    @classmethod
    def has_command(cls, name):
        return any(line.split()[:1] == [name] for line in cls.stave("--help").splitlines())

    def new_store(self, name, *parts):
        """A store with the catalogue and these parts of the plays."""
        store = self.folder / name
        self.stave("init", store)
        self.stave("import", store, "tracks", self.dumps / "tracks.csv")
        self.stave("import", store, "users", self.dumps / "users.csv")
        for part in parts:
            self.stave("import", store, "streams", part)
        return store

    def copy_of(self, store, name):
        copy = self.folder / name
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(store, copy)
        return copy

    def rows(self, store, table="streams"):
        text = self.stave("query", store, f"from {table} | summarize n = count()", "--format", "csv")
        return int(text.split()[1])
