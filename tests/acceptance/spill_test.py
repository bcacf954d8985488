"""Questions larger than --memory-limit: the same bytes by way of temporary files, which go however a query ends."""
import os
import signal
import subprocess
import time
import unittest

from stave import BINARY, StaveTest

PROGRAMS = {
    "a grouping with exact distinct, modes and quantiles":
        "from streams | summarize plays = count(), days = distinct(date(listen_time)), "
        "top = top_value(platform), half = quantile(duration_sec, 0.5) by user_id, track_id",
    "a sort": "from streams | select user_id, track_id, listen_time, duration_sec | sort duration_sec desc, track_id",
    "a join":
        "let firsts = from streams | summarize first = min(listen_time) by user_id, track_id;\n"
        "from streams | join left firsts as f on user_id, track_id | select user_id, track_id, listen_time, f.first",
    "a window and a top":
        "from streams | derive n = row_number() over (per user_id sort listen_time), "
        "s = sum(duration_sec) over (per track_id) | select user_id, track_id, n, s "
        "| top 2 by n desc, s, track_id per user_id",
}
LIMIT = "6MiB"


class SpillTest(StaveTest):
    def setUp(self):
        super().setUp()
        dumps = self.folder / "dumps"
        self.stave("gen", dumps, "--streams", "150000", "--users", "9000", "--tracks", "3000", "--quiet")
        for table in ("tracks", "streams"):
            self.stave("import", self.store, table, dumps / f"{table}.csv", "--quiet")
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()

    def ask(self, program, *options, temporary=None):
        environment = {**os.environ, "TMPDIR": str(temporary or self.temporary)}
        return subprocess.run([BINARY, "query", str(self.store), program, "--format", "csv", *options],
                              capture_output=True, text=True, timeout=300, check=False, env=environment)

    def test_the_same_bytes_come_out(self):
        for name, program in PROGRAMS.items():
            with self.subTest(name):
                whole = self.ask(program)
                self.assertEqual(0, whole.returncode, whole.stderr)
                for threads in ("1", "2", "3", "8"):
                    spilled = self.ask(program, "--memory-limit", LIMIT, "--threads", threads)
                    self.assertEqual(0, spilled.returncode, spilled.stderr)
                    self.assertTrue(whole.stdout == spilled.stdout, f"{name}, {threads} threads")
                self.assertIn("KiB spilled", self.ask(program, "--memory-limit", LIMIT, "--explain=analyze").stdout)
                self.assertEqual([], os.listdir(self.temporary))

    def test_analyze_tells_what_went_to_disk(self):
        program = PROGRAMS["a sort"]
        self.assertNotIn("spilled", self.ask(program, "--explain=analyze").stdout)
        self.assertRegex(self.ask(program, "--explain=analyze", "--memory-limit", LIMIT).stdout,
                         r"sort .*\[150000 rows, 0 KiB in memory, \d+ KiB spilled; ")

    def test_a_folder_that_is_not_there_is_an_error(self):
        done = self.ask(PROGRAMS["a sort"], "--memory-limit", LIMIT, temporary=self.folder / "none")
        self.assertNotEqual(0, done.returncode)
        self.assertIn("TMPDIR", done.stderr)

    def test_what_cannot_be_cut_into_parts_says_so(self):
        done = self.ask("from streams | summarize n = distinct(listen_time)", "--memory-limit", "200000")
        self.assertNotEqual(0, done.returncode)
        self.assertIn("--memory-limit", done.stderr)

    def test_an_interrupted_query_leaves_nothing(self):
        environment = {**os.environ, "TMPDIR": str(self.temporary)}
        for number in (signal.SIGINT, signal.SIGKILL):
            with subprocess.Popen([BINARY, "query", str(self.store), PROGRAMS["a join"], "--memory-limit", LIMIT],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as query:
                time.sleep(0.3)
                query.send_signal(number)
                query.wait(timeout=60)
            self.assertEqual([], os.listdir(self.temporary))


if __name__ == "__main__":
    unittest.main()
