"""Upkeep of a store: snapshots, as-of, undo, collection, verify, repair and reading around damage."""
import os
import subprocess
import unittest

from stave import BINARY, StaveTest

PLAYS = "user_id,track_id,listen_time,duration_sec\n"
COUNT = "from streams | summarize n = count(), s = sum(duration_sec)"


def plays(first, count, day, duration=10):
    return PLAYS + "".join(f"{first + i},t{i % 7},{day} 10:{i % 60:02}:00,{duration}\n" for i in range(count))


class UpkeepTest(StaveTest):
    def fails(self, code, *arguments):
        done = self.run_stave(*arguments)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return done.stderr

    def count(self, *options):
        return self.rows("query", self.store, COUNT, *options)[1][0]



class Snapshots(UpkeepTest):
    def test_each_commit_is_listed_and_stays_readable(self):
        self.load("streams", plays(1, 3, "2025-05-01"))
        self.load("streams", plays(1, 5, "2025-05-02"))
        header, rows = self.rows("snapshots", self.store)
        self.assertEqual(["0", "1", "2"], [row[0] for row in rows])
        self.assertEqual(["init", "import of streams, load 1", "import of streams, load 2"], [row[2] for row in rows])
        self.assertEqual(["0", "3", "8"], [row[header.index("rows")] for row in rows])
        self.assertEqual(["", "1", "2"], [row[header.index("loads_added")] for row in rows])
        self.assertEqual(["8", "80"], self.count())
        self.assertEqual(["3", "30"], self.count("--as-of", "1"))
        self.assertEqual(["3", "30"], self.count("--as-of", rows[1][1]))
        self.assertEqual(["8", "80"], self.count("--as-of", "2100-01-01"))
        self.assertIn("snapshot 1", self.stave("describe", self.store, "--as-of", "1"))
        self.assertIn("snapshot 1,", self.stave("inspect", self.store, "--as-of", "1"))
        self.assertIn("nearest being 0, 1, 2", self.fails(1, "query", self.store, COUNT, "--as-of", "7"))
        self.assertIn("as old as 1999-01-01", self.fails(1, "query", self.store, COUNT, "--as-of", "1999-01-01"))
        self.fails(2, "query", self.store, COUNT, "--as-of", "yesterday")

    def test_the_newest_manifest_is_missed(self):
        self.load("streams", plays(1, 3, "2025-05-01"))
        os.remove(self.store / "snapshots/000000000001.manifest")
        message = self.fails(5, "query", self.store, COUNT)
        self.assertIn("Snapshot 1 was committed, and its manifest is missing", message)
        self.assertIn("stave repair", message)


class Collection(UpkeepTest):
    def test_old_snapshots_go_with_their_files(self):
        for day in ["2025-05-01", "2025-05-02", "2025-05-03"]:
            self.load("streams", plays(1, 3, day))
        before = sum(1 for _ in self.store.rglob("*"))
        self.assertIn("Would delete 3 snapshots", self.stave("gc", self.store, "--dry-run"))
        self.assertEqual(before, sum(1 for _ in self.store.rglob("*")))
        self.assertIn("Deleted 2 snapshots", self.stave("gc", self.store, "--keep", "2"))
        self.assertEqual(["6", "60"], self.count("--as-of", "2"))
        self.stave("gc", self.store)
        self.assertEqual(["9", "90"], self.count())
        self.assertEqual([["3"]], [[row[0]] for row in self.rows("snapshots", self.store)[1]])
        self.stave("verify", self.store)

    def test_what_another_process_reads_stays(self):
        self.load("streams", plays(1, 50_000, "2025-05-01"))
        self.load("streams", plays(1, 3, "2025-05-02"))
        # It reads its result no further than the pipe takes, so it has its snapshot open meanwhile.
        reader = subprocess.Popen([BINARY, "query", str(self.store), "from streams", "--as-of", "1", "--format", "csv"],
                                  stdout=subprocess.PIPE)
        self.addCleanup(reader.stdout.close)
        reader.stdout.readline()
        self.assertIn("Kept snapshot 1, which is being read", self.stave("gc", self.store))
        self.assertEqual(50_000, len(reader.stdout.read().splitlines()))
        self.assertEqual(0, reader.wait())
        self.assertNotIn("Kept", self.stave("gc", self.store))
        self.fails(1, "query", self.store, COUNT, "--as-of", "1")


class Undo(UpkeepTest):
    def test_a_load_of_facts(self):
        text = plays(1, 3, "2025-05-01")
        self.load("streams", text)
        self.load("streams", plays(100, 5, "2025-05-01", 7))
        self.assertIn("3 rows gone", self.stave("imports", self.store, "--undo", "1"))
        self.assertEqual(["5", "35"], self.count())
        self.assertEqual(["2"], [row[0] for row in self.rows("imports", self.store)[1]])
        self.load("streams", text)
        self.assertEqual(["8", "65"], self.count())
        self.assertIn("There is no load 1", self.fails(1, "imports", self.store, "--undo", "1"))

    def test_a_load_of_a_dimension(self):
        self.load("tracks", "track_id,track_genre\nt0,rock\nt1,jazz\n")
        self.load("streams", plays(1, 4, "2025-05-01"))
        genres = "from streams | summarize n = count() by g = track.track_genre | sort g"
        before = self.query(genres)
        self.load("tracks", "track_id,track_genre\nt0,pop\nt2,folk\n")
        after = self.query(genres)
        self.assertNotEqual(before, after)
        self.load("tracks", "track_id,track_genre\nt3,polka\n")
        refused = self.fails(1, "imports", self.store, "--undo", "3")
        self.assertIn("changed since by load 4", refused)
        self.stave("imports", self.store, "--undo", "4")
        self.assertEqual(after, self.query(genres))
        self.assertIn("tracks as before it", self.stave("imports", self.store, "--undo", "3"))
        self.assertEqual(before, self.query(genres))
        self.assertEqual([["2"]], self.query("from tracks | summarize n = count()"))
        self.stave("verify", self.store)

    def test_a_dimension_needs_the_snapshot_before(self):
        self.load("tracks", "track_id,track_genre\nt0,rock\n")
        self.stave("gc", self.store)
        self.assertIn("snapshot 0 is no longer there", self.fails(1, "imports", self.store, "--undo", "1"))


class Compaction(UpkeepTest):
    QUESTIONS = ["from streams | summarize n = count(), s = sum(duration_sec), u = distinct(user_id) by day, "
                 "g = track.track_genre",
                 "from streams | where platform == 'ios' | summarize n = count() by platform",
                 "from streams | sort listen_time, user_id, track_id | take 200"]

    def setUp(self):
        super().setUp()
        self.stave("gen", "dumps", "--streams", "60000", "--tracks", "500", "--users", "2000", "--days", "5")
        lines = next((self.folder / "dumps").glob("streams*")).read_text().splitlines()
        self.stave("import", self.store, "tracks", next((self.folder / "dumps").glob("tracks*")))
        for part in range(3):
            path = self.folder / f"part-{part}.csv"
            path.write_text("\n".join(lines[:1] + lines[1 + part::3]) + "\n")
            self.stave("import", self.store, "streams", path)

    def answers(self):
        return [self.query(question) for question in self.QUESTIONS]

    def test_answers_stay_and_loads_can_be_undone(self):
        before = self.answers()
        self.assertIn("segments_before", self.stave("compact", self.store, "--dry-run"))
        header, rows = self.rows("compact", self.store)
        self.assertEqual("streams", rows[0][0])
        self.assertEqual(3 * int(rows[0][header.index("segments_after")]),
                         int(rows[0][header.index("segments_before")]))
        self.assertEqual(before, self.answers())
        self.assertIn("nothing to do", self.stave("compact", self.store))
        self.stave("verify", self.store)
        self.stave("gc", self.store)
        self.assertEqual(before, self.answers())
        self.stave("imports", self.store, "--undo", "3")
        self.assertEqual([["40000"]], self.query("from streams | summarize n = count()"))
        self.stave("import", self.store, "streams", self.folder / "part-1.csv")
        self.assertEqual(before, self.answers())
        self.stave("verify", self.store)

    def test_stale_clustering_is_restored(self):
        genres = "from streams | summarize n = count() by g = track.track_genre"
        track = self.query("from streams | take 1 | select track_id")[0][0]
        self.load("tracks", f"track_id,track_genre\n{track},polka\n")
        before = self.query(genres)
        self.assertIn(["polka"], [row[:1] for row in before])
        header, rows = self.rows("compact", self.store)
        self.assertGreater(int(rows[0][header.index("stale_before")]), 0)
        self.assertEqual(before, self.query(genres))
        self.assertNotIn("cluster change", self.stave("inspect", self.store))


class Damage(UpkeepTest):
    def setUp(self):
        super().setUp()
        self.load("tracks", "track_id,track_genre\n" + "".join(f"t{i},g{i % 2}\n" for i in range(7)))
        self.load("streams", plays(1, 20, "2025-05-01"))
        self.load("streams", plays(1, 30, "2025-05-02"))

    def test_days_with_damaged_files_are_skipped_and_named(self):
        place = self.column_places("duration_sec")[0]
        self.flip(place)
        message = self.fails(5, "query", self.store, COUNT)
        self.assertIn(f"{place[0].name} from byte {place[1]}, duration_sec", message)
        done = self.run_stave("query", self.store, COUNT, "--skip-damaged", "--format", "csv")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual("n,s\n30,300\n", done.stdout)
        self.assertIn("20 of streams 2025-05-01", done.stderr)
        self.assertIn(place[0].name, done.stderr)
        # Columns that are not read, and days that are not asked for, do no harm.
        self.assertEqual([["50"]], self.query("from streams | summarize n = count()"))
        other = self.run_stave("query", self.store, COUNT.replace("|", "| where date(listen_time) == @2025-05-02 |", 1),
                               "--skip-damaged")
        self.assertEqual("", other.stderr)

    def test_reports_of_the_users_own_belong_to_the_store(self):
        (self.store / "reports").mkdir()
        (self.store / "reports" / "mine.stq").write_text("from streams | summarize plays = count()")
        self.assertNotIn("mine.stq", self.run_stave("verify", self.store).stderr)
        (self.store / "reports" / "mine.txt").write_text("notes")
        self.assertIn("reports/mine.txt", self.run_stave("verify", self.store).stderr)
        self.stave("gc", self.store)
        self.assertTrue((self.store / "reports" / "mine.stq").exists())

    def test_verify_names_all_of_it(self):
        damaged, (lost, _, _) = self.column_places("duration_sec")
        self.flip(damaged)
        os.remove(lost)
        (self.store / "streams/notes.txt").write_text("x")
        done = self.run_stave("verify", self.store)
        self.assertEqual(5, done.returncode)
        self.assertIn(f"streams 2025-05-01 duration_sec (streams/packs/{damaged[0].name}", done.stdout)
        self.assertNotIn("streams 2025-05-01 track_id", done.stdout)
        self.assertIn(f"streams 2025-05-02 track_id (streams/packs/{lost.name}", done.stdout)
        self.assertIn("streams/notes.txt", done.stderr)

    def test_facts_lose_rows_and_say_which(self):
        place = self.column_places("duration_sec")[0]
        self.flip(place)
        self.assertIn("What would be lost", self.stave("repair", self.store, "--dry-run"))
        header, rows = self.rows("repair", self.store)
        self.assertEqual({("streams", "2025-05-01", "duration_sec", "rows are left out")},
                         {(row[0], row[1], row[3], row[5]) for row in rows})
        self.assertEqual(20, sum(int(row[4]) for row in rows))
        self.assertEqual({"g0", "g1"}, {row[2] for row in rows})
        self.assertEqual(["30", "300"], self.count())
        self.assertIn("is sound", self.stave("repair", self.store))
        # Other columns of the pack are good for earlier snapshots.
        self.assertTrue(place[0].exists())
        self.stave("gc", self.store)
        self.assertFalse(place[0].exists())
        self.stave("verify", self.store)
        self.assertEqual(["30", "300"], self.count())

    def test_days_that_share_a_pack_with_damage_are_kept(self):
        """Of the pack even bytes that no snapshot names any more are told apart from what is sound."""
        self.load("streams", plays(1, 10, "2025-05-03") + plays(1, 15, "2025-05-04")[len(PLAYS):])
        first, second = self.column_places("duration_sec")[2:]
        self.assertEqual(first[0], second[0])
        self.flip(first)
        self.stave("repair", self.store)
        self.assertEqual(["65", "650"], self.count())
        self.assertNotIn(first[0], [place[0] for place in self.column_places("duration_sec")])
        self.assertEqual(5, self.run_stave("verify", self.store).returncode)
        self.stave("gc", self.store)
        self.stave("verify", self.store)
        self.assertEqual(["65", "650"], self.count())

    def test_dimensions_lose_values_and_keep_rows(self):
        self.flip(self.column_places("track_genre", "tracks")[0])
        header, rows = self.rows("repair", self.store)
        self.assertEqual([["tracks", "", "", "track_genre", "7", "values are null"]], rows)
        self.assertEqual([["7"]], self.query("from tracks | summarize n = count()"))
        self.assertEqual(["50", "500"], self.count())

    def test_a_key_column_is_put_together_again(self):
        before = self.query("from tracks | sort track_id")
        self.flip(self.column_places("track_id", "tracks")[0])
        self.stave("repair", self.store)
        self.assertEqual(before, self.query("from tracks | sort track_id"))

    def test_a_lost_newest_snapshot(self):
        os.remove(self.store / "snapshots/000000000003.manifest")
        done = self.run_stave("repair", self.store)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("SNAPSHOT 3 IS LOST", done.stderr)
        self.assertEqual(["20", "200"], self.count())
        self.load("streams", plays(1, 30, "2025-05-02"))
        self.assertEqual(["50", "500"], self.count())
        self.stave("verify", self.store)

    def test_a_damaged_marker(self):
        self.flip(self.store / "STAVE")
        self.assertIn("stave repair", self.fails(5, "query", self.store, COUNT))
        self.assertEqual(5, self.run_stave("verify", self.store).returncode)
        self.stave("repair", self.store)
        self.assertEqual(["50", "500"], self.count())


class DamagedPredictors(UpkeepTest):
    """What days share tells the values of all of them: where it is damaged, no value is guessed."""

    BY_TRACK = "from streams | summarize n = count() by track_id | sort track_id"

    def setUp(self):
        super().setUp()
        self.stave("gen", "dumps", "--streams", 120_000, "--tracks", 3_000, "--users", 2_000, "--days", 2, "--quiet")
        for table in ("tracks", "streams"):
            self.stave("import", self.store, table, f"dumps/{table}.csv")
        self.stave("import", self.store, "streams", "dumps/streams.csv", "--again")
        self.sound = self.rows("query", self.store, self.BY_TRACK)
        (self.ranks,) = (self.store / "streams" / "predictors").glob("track_id-*.col")

    def test_compaction_and_undo_leave_the_store_as_it_was(self):
        data = self.ranks.read_bytes()
        self.flip(self.ranks)
        before = self.count()
        for command in (["query", self.store, self.BY_TRACK], ["compact", self.store],
                        ["report", self.store, "kpi.top_tracks"]):
            self.assertIn(self.ranks.name, self.fails(5, *command))
        self.assertEqual(before, self.count())
        self.assertIn(self.ranks.name, self.run_stave("verify", self.store).stdout)
        self.ranks.write_bytes(data)
        self.stave("verify", self.store)
        self.assertEqual(self.sound, self.rows("query", self.store, self.BY_TRACK))

    def test_undo_of_one_load_out_of_merged_days(self):
        self.stave("compact", self.store)
        self.flip(self.ranks)
        self.assertIn(self.ranks.name, self.fails(5, "imports", self.store, "--undo", "3"))
        self.assertEqual(["240000"], self.count()[:1])


if __name__ == "__main__":
    unittest.main()
