"""Looking up one listener in a large store: most blocks are left out by what their files' code filters say."""
import re
import unittest

from stave import StaveTest

PLAYS = "from streams | where user_id == {} | select listen_time, track_id | sort listen_time, track_id"
ALL = "from streams | where user_id // 1 == {} | select listen_time, track_id | sort listen_time, track_id"


class CodeFilters(StaveTest):
    def setUp(self):
        super().setUp()
        self.stave("gen", "--into", "large.stave", "--streams", 4_400_000, "--users", 300_000, "--tracks", 20_000,
                   "--days", 4, "--quiet")
        self.store = self.folder / "large.stave"

    def blocks_read(self, user):
        plan = self.stave("query", self.store, PLAYS.format(user), "--explain=analyze")
        read = re.search(r"read (\d+) KiB of (\d+) KiB", plan)
        return int(read[1]) / int(read[2])

    def test_one_listener(self):
        for user in (1, 4242, 299_999):
            found = self.rows("query", self.store, PLAYS.format(user))
            self.assertEqual(self.rows("query", self.store, ALL.format(user)), found)
        self.assertLess(self.blocks_read(4242), 0.25)
        self.stave("compact", self.store)
        self.assertLess(self.blocks_read(4242), 0.25)
        self.stave("verify", self.store)

    def test_a_damaged_filter_changes_no_answer_and_is_mended(self):
        sound = self.rows("query", self.store, PLAYS.format(4242))
        for path, first, size in self.column_places("user_id"):
            data = bytearray(path.read_bytes())
            # The footer of some 67 blocks has less than 4 KiB, the filter before it some 400.
            for at in range(first + size - 200_000, first + size - 4_096):
                data[at] ^= 0x10
            path.write_bytes(data)
        self.assertEqual(sound, self.rows("query", self.store, PLAYS.format(4242)))
        done = self.run_stave("verify", self.store)
        self.assertEqual(5, done.returncode, done.stdout + done.stderr)
        self.assertIn("The code filter of a column file fails its checksum", done.stdout + done.stderr)
        repaired = self.run_stave("repair", self.store)
        self.assertEqual(0, repaired.returncode, repaired.stderr)
        self.assertIn("the file is written again", repaired.stdout + repaired.stderr)
        self.stave("gc", self.store)  # the snapshots before, which name the damaged files
        self.stave("verify", self.store)
        self.assertEqual(sound, self.rows("query", self.store, PLAYS.format(4242)))


if __name__ == "__main__":
    unittest.main()
