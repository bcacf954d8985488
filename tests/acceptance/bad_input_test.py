"""Bad input: a clear error that says what to do next, the right exit code, and the store as it was."""
import hashlib
import os
import subprocess
import unittest

from stave import BINARY, StaveTest

PLAYS = "user_id,track_id,listen_time,duration_sec\n1,a,2025-05-01 10:00:00,60\n2,b,2025-05-02 11:00:00,90\n"


class BadInput(StaveTest):
    def setUp(self):
        super().setUp()
        self.load("streams", PLAYS)
        self.before = self.state()

    def state(self):
        """Every file of the store, so that a failed command can be shown to have changed nothing."""
        return {str(path.relative_to(self.store)): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(self.store.rglob("*")) if path.is_file() and path.name != "LOCK"}

    def fails(self, code, words, *arguments):
        done = self.run_stave(*arguments)
        self.assertEqual(code, done.returncode, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertNotIn("terminate", done.stderr)
        self.assertEqual(self.before, self.state())
        return done.stderr

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def test_a_missing_file(self):
        self.fails(1, ["nowhere.csv"], "import", self.store, "streams", "nowhere.csv")

    def test_a_file_that_is_not_text(self):
        path = self.file("picture.csv", bytes(range(256)) * 64)
        self.fails(1, ["picture.csv"], "import", self.store, "streams", path)

    def test_a_header_without_a_key_column(self):
        path = self.file("tracks.csv", "title,genre\nA song,pop\n")
        self.fails(1, ["track_id", "title"], "import", self.store, "tracks", path)

    def test_an_unknown_table(self):
        path = self.file("plays.csv", PLAYS)
        self.fails(2, ["streems", "streams"], "import", self.store, "streems", path)

    def test_a_folder_that_is_no_store(self):
        (self.folder / "plain").mkdir()
        self.fails(1, ["plain", "stave init"], "query", self.folder / "plain", "from streams")

    def test_no_folder_at_all(self):
        self.fails(1, ["nothing.stave", "stave init"], "query", self.folder / "nothing.stave", "from streams")

    def test_a_store_that_exists_is_not_made_again(self):
        self.fails(1, ["music.stave"], "init", self.store)

    def test_a_bad_row_leaves_nothing_and_is_reported(self):
        path = self.file("bad.csv", PLAYS + "3,c,yesterday,60\n")
        error = self.fails(4, ["bad.csv", "rejects.csv"], "import", self.store, "streams", path)
        self.assertIn("yesterday", error)
        rejects = (self.folder / "rejects.csv").read_text()
        self.assertIn("listen_time", rejects)
        self.assertIn(",4,", rejects)

    def test_a_bad_row_within_tolerance(self):
        path = self.file("bad.csv", PLAYS.replace("60", "61") + "3,c,yesterday,60\n")
        done = self.run_stave("import", self.store, "streams", path, "--max-rejects", "1")
        self.assertEqual(3, done.returncode, done.stderr)
        self.assertEqual([["4"]], self.query("from streams | summarize n = count()"))

    def test_a_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk],
                                               capture_output=True, check=False).returncode != 0:
            self.skipTest("skipped: mounting a small disk needs root")
        self.addCleanup(subprocess.run, ["umount", disk], check=False)
        store = disk / "music.stave"
        self.stave("init", store)
        self.stave("import", store, "streams", self.file("few.csv", PLAYS))
        many = self.file("many.csv", "user_id,track_id,listen_time,duration_sec\n" + "".join(
            f"{n * 7919 % 1000003},t{n * 104729 % 999983},2025-05-{n % 28 + 1:02} 10:00:{n % 60:02},{n % 300}\n"
            for n in range(400_000)))
        done = self.run_stave("import", store, "streams", many)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn("space", done.stderr)
        rows = self.rows("query", store, "from streams | summarize n = count()")[1]
        self.assertEqual([["2"]], rows)
        self.stave("verify", store)

    def test_faults_of_a_query(self):
        for program, words in [
            ("from streams | where durration_sec < 30", ["durration_sec", "did you mean", "duration_sec", "^^^"]),
            ("from streems", ["streems", "streams"]),
            ("from streams | wehre true", ["wehre", "where"]),
            ("from streams | where duration_sec == null", ["is null"]),
            ("from streams | where platform > 3", ["platform"]),
            ("from streams | summarize n = cuont()", ["cuont", "count"]),
            ("from streams | derive x = (1", ["1:"]),
            ("", ["from"]),
        ]:
            with self.subTest(program):
                error = self.fails(2, words, "query", self.store, program)
                self.assertIn("error", error)

    def test_a_fault_while_running(self):
        self.fails(1, ["does not fit i64", "Cast"], "query", self.store,
                   "from streams | derive x = (9223372036854775807 + duration_sec) | select x")

    def test_a_missing_parameter_and_an_unknown_report(self):
        self.fails(2, ["period"], "report", self.store, "royalty.pro_rata")
        self.fails(2, ["kpi.daily_gener", "kpi.daily_genre"], "report", self.store, "kpi.daily_gener")

    def test_a_store_of_a_newer_format(self):
        """A manifest whose checksum is right and whose version is a later one."""
        manifest = sorted((self.store / "snapshots").iterdir())[-1]
        done = subprocess.run([BINARY, "inspect", manifest], capture_output=True, text=True, check=False)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("version", done.stdout)

    def test_damage_is_found_and_named(self):
        victim = max((*self.store.rglob("*.col"), *self.store.rglob("*.pack")), key=lambda path: path.stat().st_size)
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 4
        victim.write_bytes(content)
        self.before = self.state()
        done = self.run_stave("verify", self.store)
        self.assertEqual(5, done.returncode, done.stdout + done.stderr)
        self.assertIn(victim.name, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
