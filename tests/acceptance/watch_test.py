"""An inbox as its users see it: a watch that runs beside them, is stopped, and is asked by cron."""
import json
import signal
import subprocess
import time
import unittest

from stave import BINARY, StaveTest

PLAYS = "user_id,track_id,listen_time,likes\n1,a,2025-05-01 10:00:00,5\n"


class WatchTest(StaveTest):
    def setUp(self):
        super().setUp()
        self.inbox = self.folder / "inbox"
        (self.inbox / "streams").mkdir(parents=True)

    def logged(self):
        log = self.inbox / "watch.log.jsonl"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def wait_for(self, event, watch):
        """The clock only bounds the wait for a process that may be slow."""
        for _ in range(3000):
            if any(line["event"] == event for line in self.logged()):
                return
            self.assertIsNone(watch.poll(), "the watch ended")
            time.sleep(0.01)
        self.fail(f"no {event} in the log")

    def test_a_watch_imports_what_arrives_until_it_is_asked_to_stop(self):
        for stop in (signal.SIGTERM, signal.SIGINT):
            with subprocess.Popen([BINARY, "watch", self.store, self.inbox, "--settle", "0"], stderr=subprocess.PIPE,
                                  text=True) as watch:
                self.wait_for("start", watch)
                part = self.inbox / "streams" / "plays.part"
                part.write_text(PLAYS.replace(",5\n", f",{int(stop)}\n"))
                part.rename(part.with_suffix(".csv"))
                self.wait_for("run", watch)
                watch.send_signal(stop)
                self.assertEqual(0, watch.wait(60), watch.stderr.read())
            self.assertEqual("stop", self.logged()[-1]["event"])
            (self.inbox / "watch.log.jsonl").unlink()
        self.assertEqual([["2"]], self.query("from streams | summarize n = count()"))

    def test_once_tells_by_its_exit_code(self):
        arguments = ["watch", self.store, self.inbox, "--once", "--settle", "0", "--log", self.folder / "log.jsonl"]
        self.assertEqual(0, self.run_stave(*arguments).returncode)
        (self.inbox / "streams" / "plays.csv").write_text(PLAYS)
        done = self.run_stave(*arguments)
        self.assertEqual((0, ""), (done.returncode, done.stdout))
        self.assertIn("imported streams/plays.csv: 1 row, load 1", done.stderr)
        (self.inbox / "streams" / "bad.csv").write_text(PLAYS + "x\n")
        done = self.run_stave(*arguments, "--quiet")
        self.assertEqual(1, done.returncode)
        self.assertTrue(done.stderr.startswith("failed streams/bad.csv: Too many rows"), done.stderr)
        self.assertIn("none/x", self.run_stave(*arguments[:-1], "none/x").stderr)
        self.assertIn("none.toml", self.run_stave(*arguments, "--rules", "none.toml").stderr)
        self.assertIn("No such file", self.run_stave("watch", self.store, self.folder / "none").stderr)

    def test_a_file_that_settles_is_taken_by_once(self):
        (self.inbox / "streams" / "plays.csv").write_text(PLAYS)
        self.stave("watch", self.store, self.inbox, "--once", "--settle", "1")
        self.assertEqual([["1"]], self.query("from streams | summarize n = count()"))

    def test_folders_have_options_of_their_own(self):
        (self.inbox / "users").mkdir()
        (self.inbox / "streams" / "plays.csv").write_text("who|track_id|listen_time\n1|a|31/05/2025 10:00\n2|b|?\n")
        (self.inbox / "users" / "users.csv").write_text("user_id,shoe\n1,40\n")
        (self.folder / "map.toml").write_text('who = "user_id"\n')
        options = self.folder / "options.toml"
        options.write_text("streams = \"--separator '|' --date-format dmy --map map.toml --max-rejects 50%\"\n")
        arguments = ["watch", self.store, self.inbox, "--once", "--settle", "0", "--extra", "drop",
                     "--folder-options", options]
        done = self.run_stave(*arguments)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual([["1", "2025-05-31 10:00:00"]], self.query("from streams | select user_id, listen_time"))
        self.assertNotIn(["shoe"], [row[:1] for row in self.rows("describe", self.store, "users")[1]])
        for text, part in [('streams = "--colour red"\n', "line 1"), ('\nstreams = 3\n', "line 2"),
                           ('streams = "--max-rejects x"\n', "--max-rejects 10"), ('strems = ""\n', "strems"),
                           ("streams = \n", "TOML")]:
            options.write_text(text)
            done = self.run_stave(*arguments)
            self.assertEqual(2, done.returncode, text)
            self.assertIn(part, done.stderr)


if __name__ == "__main__":
    unittest.main()
