"""The guided tour of docs/: each command is run, and prints what the page says below it.

With STAVE_WRITE_TOUR=1 the page is written anew from what the commands print."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from stave import BINARY

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/month-of-royalties.md"


def masked(text):
    """Without what differs from machine to machine."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "SEAL", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "TIME UTC", text)
    text = re.sub(r"(?<=,)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?=,SEAL)", "TIME", text)
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


class MonthOfRoyalties(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stave-tour-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "bin").mkdir()
        (self.folder / "bin/stave").symlink_to(pathlib.Path(BINARY).resolve())

    def printed(self, command):
        environment = {**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["sh", "-c", command], cwd=self.folder, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
        return masked(done.stdout)

    def block(self, text):
        """A block of the page as it should be."""
        return "".join(f"$ {line[2:]}\n{self.printed(line[2:])}" for line in text.splitlines() if line.startswith("$ "))

    def test_each_command_prints_what_stands_below_it(self):
        page = PAGE.read_text()
        made = re.sub(r"(?<=```console\n)(.*?)(?=```)", lambda match: self.block(match[1]), page, flags=re.S)
        if os.environ.get("STAVE_WRITE_TOUR"):
            PAGE.write_text(made)
        self.assertEqual(page if not os.environ.get("STAVE_WRITE_TOUR") else made, made)


if __name__ == "__main__":
    unittest.main()
