"""A store has a file for each small load at least: questions may need more of them at once than shells allow."""
import resource
import subprocess
import unittest

from stave import BINARY, StaveTest

QUESTION = ("from streams | summarize plays = count(), listeners = distinct(user_id), seconds = sum(duration_sec), "
            "last = max(listen_time) by platform")


class ManyFilesTest(StaveTest):
    def setUp(self):
        super().setUp()
        for day in range(60):
            self.load("streams", "user_id,track_id,listen_time,duration_sec,platform\n"
                      f"{day},t{day},2025-0{day // 28 + 1}-{day % 28 + 1:02} 10:00:00,{day},web\n")

    def ask(self, soft, hard):
        return subprocess.run([BINARY, "query", str(self.store), QUESTION, "--format", "csv"], capture_output=True,
                              text=True, timeout=60, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard)))

    def test_the_limit_of_the_shell_is_raised(self):
        wanted = self.ask(1000, 1000)
        self.assertEqual(0, wanted.returncode, wanted.stderr)
        done = self.ask(40, 1000)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(wanted.stdout, done.stdout)

    def test_a_limit_that_stays_is_an_error_that_names_it(self):
        done = self.ask(40, 40)
        self.assertNotEqual(0, done.returncode)
        self.assertIn("raise the limit with `ulimit -n`", done.stderr)


if __name__ == "__main__":
    unittest.main()
