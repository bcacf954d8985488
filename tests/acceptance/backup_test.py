"""`stave backup` and `stave upgrade` as a user sees them."""
import pathlib
import subprocess
import threading
import unittest

from stave import BINARY, StaveTest

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden"
COUNT = "from streams | summarize n = count(), likes = sum(likes)"


def plays(load, count=50):
    return "user_id,track_id,listen_time,likes\n" + "".join(
        f"{load * 1000 + i},t{i % 7},2025-05-0{load % 9 + 1} 10:00:00,1\n" for i in range(count))


class BackupTest(StaveTest):
    def setUp(self):
        super().setUp()
        self.backup = self.folder / "backup"
        self.load("streams", plays(1))

    def count(self, store):
        return self.rows("query", store, COUNT)[1][0]

    def test_a_backup_answers_as_the_store(self):
        said = self.stave("backup", self.store, self.backup)
        self.assertRegex(said, r"holds snapshot 1 of .*: \d+ files, .* KiB; copied \d+")
        self.assertEqual(self.count(self.store), self.count(self.backup))
        self.assertIn("every checksum is right", self.stave("verify", self.backup))

    def test_the_next_one_copies_what_is_new(self):
        self.stave("backup", self.store, self.backup)
        self.load("streams", plays(2))
        header, rows = self.rows("backup", self.store, self.backup)
        self.assertEqual(["snapshot", "files", "bytes", "copied_files", "copied_bytes", "mended_files"], header)
        self.assertEqual("2", rows[0][0])
        self.assertLess(int(rows[0][3]), int(rows[0][1]))
        self.assertEqual(["100", "100"], self.count(self.backup))
        self.assertEqual(["50", "50"], self.rows("query", self.backup, COUNT, "--as-of", "1")[1][0])
        back = self.folder / "back.stave"
        self.stave("backup", self.backup, back)
        self.assertEqual(["100", "100"], self.count(back))

    def test_other_folders_are_left_alone(self):
        self.backup.mkdir()
        (self.backup / "letter.txt").write_text("dear")
        done = self.run_stave("backup", self.store, self.backup)
        self.assertEqual(1, done.returncode)
        self.assertIn("letter.txt", done.stderr)
        self.assertEqual(["letter.txt"], [path.name for path in self.backup.iterdir()])
        self.assertEqual(2, self.run_stave("backup", self.store, self.store / "inside").returncode)
        self.assertEqual(1, self.run_stave("backup", self.folder / "none", self.folder / "new").returncode)
        self.assertFalse((self.folder / "new").exists())

    def test_a_damaged_store_ends_it(self):
        self.flip(self.column_places("user_id")[0])
        done = self.run_stave("backup", self.store, self.backup)
        self.assertEqual(5, done.returncode, done.stderr)
        self.assertIn("user_id", done.stderr)

    def test_while_a_writer_is_at_work(self):
        writing = threading.Event()
        faults = []

        def write():
            for load in range(2, 14):
                path = self.folder / f"load-{load}.csv"
                path.write_text(plays(load))
                done = subprocess.run([BINARY, "import", self.store, "streams", path], capture_output=True, text=True, check=False)
                faults.extend([done.stderr] if done.returncode else [])
                if load % 4 == 0:
                    subprocess.run([BINARY, "gc", self.store], capture_output=True, check=False)
            writing.set()

        writer = threading.Thread(target=write)
        writer.start()
        while not writing.is_set():
            self.stave("backup", self.store, self.backup)
            rows, likes = map(int, self.count(self.backup))
            self.assertEqual(rows, likes)
            self.assertEqual(0, rows % 50)
        writer.join()
        self.assertEqual([], faults)
        self.stave("backup", self.store, self.backup)
        self.assertEqual(["650", "650"], self.count(self.backup))
        self.stave("verify", self.backup)


class UpgradeTest(StaveTest):
    def test_a_store_is_current(self):
        self.assertRegex(self.stave("upgrade", self.store), r"is current: all \d+ files are of format 1\. Nothing to do\.")

    def test_stores_of_every_version_are_read_and_backed_up(self):
        stores = sorted(path.parent for path in GOLDEN.glob("v*/*/store/STAVE"))
        self.assertGreater(len(stores), 4)
        for store in stores:
            with self.subTest(store=store.parent.name):
                self.assertIn("is current", self.stave("upgrade", store))
                copy = self.folder / store.parent.name
                self.stave("backup", store, copy)
                self.assertEqual(self.stave("describe", store, "--storage", "--format", "csv"),
                                 self.stave("describe", copy, "--storage", "--format", "csv"))

    def test_a_version_that_was_forged_is_damage(self):
        manifest = sorted((self.store / "snapshots").glob("*.manifest"))[-1]
        data = bytearray(manifest.read_bytes())
        data[16] = 9  # the version; the checksum before it no longer fits
        manifest.write_bytes(data)
        self.assertEqual(5, self.run_stave("upgrade", self.store).returncode)


if __name__ == "__main__":
    unittest.main()
