"""The shell: programs over several lines and commands from a pipe; keys, completion and Ctrl-C on a terminal."""
import os
import pty
import select
import signal
import subprocess
import time
import unittest

from stave import BINARY, StaveTest

PLAYS = "user_id,track_id,listen_time,duration_sec\n1,a,2025-05-01 10:00:00,60\n2,b,2025-05-02 11:00:00,\n"


class Shell(StaveTest):
    def setUp(self):
        super().setUp()
        self.load("streams", PLAYS)

    def piped(self, lines, *arguments):
        return subprocess.run([BINARY, "shell", str(self.store), "--format", "csv", *arguments], cwd=self.folder,
                              input=lines, capture_output=True, text=True, timeout=300, check=False)

    def test_programs_end_with_a_semicolon_or_an_empty_line(self):
        done = self.piped("from streams | summarize n = count();\n"
                          "let two = from streams\n| where user_id == 2;\nfrom two\n| select track_id;\n"
                          "from streams\n| summarize m = max(user_id)\n\n"
                          "from streams | summarize k = min(user_id)")
        self.assertEqual(("", 0), (done.stderr, done.returncode))
        self.assertEqual("n\n2\ntrack_id\nb\nm\n2\nk\n1\n", done.stdout)

    def test_a_fault_ends_a_program_and_not_the_shell(self):
        done = self.piped("from strems;\n\\nope\nfrom streams | summarize n = count();\n")
        self.assertEqual(2, done.returncode)
        self.assertEqual("n\n2\n", done.stdout)
        self.assertIn("`streams`", done.stderr)
        self.assertIn("\\nope", done.stderr)

    def test_commands(self):
        (self.folder / "q.stq").write_text("from streams | summarize n = count()")
        done = self.piped("\\d streams\n\\i q.stq\n\\explain\n\\format json\n\\i q.stq\n\\timing on\n"
                          "\\o out.json\n\\i q.stq\n\\q\nfrom strems;\n")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("track_id,string,track,tracks\n", done.stdout)
        self.assertIn("scan streams", done.stdout)
        self.assertTrue(done.stdout.endswith('[\n{"n":2}\n]\n'), done.stdout)
        self.assertIn("Time: ", done.stderr)
        self.assertEqual('[\n{"n":2}\n]\n', (self.folder / "out.json").read_text())

    def test_a_mapped_file_that_cannot_be_read_any_more_ends_it_as_damage_does(self):
        shell = subprocess.Popen([BINARY, "shell", str(self.store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        with shell:
            shell.stdin.write("from streams | summarize n = count();\n")
            shell.stdin.flush()
            shell.stdout.readline()
            shell.send_signal(signal.SIGBUS)  # as the system does for a page that has gone
            self.assertIn("could not be read any more", shell.stderr.read())
            self.assertEqual(5, shell.wait())

    def test_each_program_sees_the_store_as_it_is(self):
        shell = subprocess.Popen([BINARY, "shell", str(self.store), "--format", "csv"], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, text=True)
        with shell:
            shell.stdin.write("from streams | summarize n = count();\n")
            shell.stdin.flush()
            self.assertEqual(["n\n", "2\n"], [shell.stdout.readline(), shell.stdout.readline()])
            self.load("streams", PLAYS.replace("2025-05-0", "2025-06-0"))
            shell.stdin.write("from streams | summarize n = count();\n")
            shell.stdin.close()
            self.assertEqual("n\n4\n", shell.stdout.read())


class Terminal(StaveTest):
    """One session on a pseudo terminal."""

    pending = b""

    def begin(self, pager):
        child, self.terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            home = {**os.environ, "TERM": "xterm", "PAGER": pager, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
            os.execve(BINARY, ["stave", "shell", str(self.store)], home)
        return child

    def end(self, child):
        os.close(self.terminal)
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def see(self, wanted):
        """Waits for the text; what comes behind it is for the next call."""
        deadline = time.monotonic() + 60
        while wanted not in self.pending:
            self.assertGreater(deadline, time.monotonic(), self.pending)
            if select.select([self.terminal], [], [], 1)[0]:
                self.pending += os.read(self.terminal, 65536)
        self.pending = self.pending.split(wanted, 1)[1]

    def test_keys(self):
        self.load("streams", PLAYS)
        child = self.begin(pager="")
        try:
            self.see(b"stave> ")
            os.write(self.terminal, b"from stre\t| summarize plays = count() by track.track_ge\t\n")
            self.see(b"..> ")
            os.write(self.terminal, b"| derive answer = plays * 20 + 1;\n")
            self.see(b"41")
            self.see(b"stave> ")
            os.write(self.terminal, b"half a line")
            self.see(b"half a line")
            os.write(self.terminal, b"\x03")
            self.see(b"stave> ")
            # Two rows, each matching both, 40 times over: more rows than anybody waits for.
            os.write(self.terminal, b"from streams | select user_id, platform\n")
            for number in range(40):
                self.see(b"..> ")
                os.write(self.terminal, b"| join inner many streams as s%d on platform is s%d.platform | select user_id, platform\n"
                         % (number, number))
            self.see(b"..> ")
            os.write(self.terminal, b"| summarize n = count();\n")
            self.see(b"\n")
            seen = b""
            deadline = time.monotonic() + 60
            while b"Stopped" not in seen:  # one that comes just before the query begins does nothing
                time.sleep(1)
                self.assertGreater(deadline, time.monotonic(), seen)
                os.write(self.terminal, b"\x03")
                if select.select([self.terminal], [], [], 1)[0]:
                    seen += os.read(self.terminal, 65536)
            os.write(self.terminal, b"from streams | summarize n = count() + 40;\n")
            self.see(b"42")
            os.write(self.terminal, b"\\q\n")
            deadline = time.monotonic() + 60
            status = (0, 0)
            while status[0] == 0 and time.monotonic() < deadline:
                if select.select([self.terminal], [], [], 0.1)[0]:
                    try:
                        os.read(self.terminal, 65536)
                    except OSError:
                        pass
                status = os.waitpid(child, os.WNOHANG)
            self.assertEqual((child, 0), status)
            self.assertIn("track_genre", (self.folder / ".stave_history").read_text())
        finally:
            self.end(child)

    def test_results_go_through_the_pager(self):
        self.load("streams", PLAYS)
        child = self.begin(pager="sed s/^/paged:/")
        try:
            self.see(b"stave> ")
            os.write(self.terminal, b"from streams | summarize plays = count() * 21;\n")
            self.see(b"paged:plays")
            self.see(b"42")
            self.see(b"stave> ")
            os.write(self.terminal, b"from strems;\n")  # a fault does not
            self.see(b"`streams`")
            self.assertNotIn(b"paged:", self.pending)
        finally:
            self.end(child)

    def test_a_pager_that_is_left_stops_the_result_and_not_the_shell(self):
        rows = "".join(f"{row},a,2025-05-01 10:00:00,60\n" for row in range(50000))
        self.load("streams", "user_id,track_id,listen_time,duration_sec\n" + rows)
        child = self.begin(pager="head -n 2 > first.txt; echo left")
        try:
            self.see(b"stave> ")
            os.write(self.terminal, b"from streams | select user_id, track_id, listen_time;\n")
            self.see(b"left")
            self.see(b"stave> ")
            os.write(self.terminal, b"\\format csv\nfrom streams | summarize n = count();\n")
            self.see(b"50000")
            self.assertIn("user_id", (self.folder / "first.txt").read_text())
        finally:
            self.end(child)


if __name__ == "__main__":
    unittest.main()
