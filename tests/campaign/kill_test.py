"""The real binary is killed at named and at random points of what it writes: a store holds all of a load or
none of it, is sound, and takes the next load. No clock: points are counted calls (kill_shim)."""
import csv
import os
import random
import signal
import unittest

import campaign

SHIM = os.environ["STAVE_KILL_SHIM"]
RANDOM_KILLS = 130 * campaign.TIMES
# Call, what its path holds, and which of them; each is killed before and after.
NAMED = [("create", "temporary", 1), ("create", "domains/", 1), ("create", "streams/", 1), ("create", ".pack", 1),
         ("mkdir", "-", 1), ("write", "-", 1), ("write", "-", 4), ("fsync", "-", 1), ("fsync", "-", 3),
         ("create", ".manifest.tmp", 1), ("rename", ".manifest", 1), ("rename", "STAVE", 1), ("unlink", "temporary", 1)]


class KillTest(campaign.Campaign):
    def setUp(self):
        self.killed = self.not_reached = self.before = self.after = 0

    def kill(self, point, *arguments):
        """Runs a command up to that point; whether it was killed there."""
        done = self.run_stave(*arguments, environment={"LD_PRELOAD": SHIM, "STAVE_KILL_AT": point})
        if done.returncode == -signal.SIGKILL:
            self.killed += 1
            return True
        self.assertEqual(0, done.returncode, f"{point}: {done.stderr}")
        self.not_reached += 1
        return False

    def calls_of(self, *arguments):
        """How many calls the command makes that change files."""
        log = self.folder / "calls"
        log.unlink(missing_ok=True)
        done = self.run_stave(*arguments, environment={"LD_PRELOAD": SHIM, "STAVE_KILL_LOG": str(log)})
        self.assertEqual(0, done.returncode, done.stderr)
        return log.read_text().splitlines()

    def expect_sound(self, store, point):
        verified = self.run_stave("verify", store)
        self.assertEqual(0, verified.returncode, f"{point}: {verified.stdout}{verified.stderr}")

    def expect_all_or_none(self, store, point, before, load, then):
        """The rows are those before or those after the load of part 1; the next load comes on top."""
        self.expect_sound(store, point)
        rows = self.rows(store)
        self.assertIn(rows, (before, before + load), point)
        self.before += rows == before
        self.after += rows != before
        self.stave("import", store, "streams", self.parts[1])  # skipped where it is there already
        self.stave("import", store, "streams", then)
        self.assertEqual(before + 2 * load, self.rows(store), point)
        self.expect_sound(store, point)

    def points(self, calls, seed):
        """Named points, then random ones out of all calls; without those that the command does not reach."""
        named = [f"{call}:{part}:{number}:{when}" for call, part, number in NAMED for when in ("before", "after")]
        chance = random.Random(seed)
        drawn = [f"any:-:{chance.randint(1, len(calls))}:{chance.choice(('before', 'after'))}"
                 for _ in range(RANDOM_KILLS)]
        return named + drawn

    def test_killed_imports_leave_all_or_nothing(self):
        base = self.new_store("base.stave", self.parts[0])
        before = self.rows(base)
        calls = self.calls_of("import", self.copy_of(base, "counted.stave"), "streams", self.parts[1])
        self.assertGreater(len(calls), 30)
        for point in self.points(calls, 21):
            store = self.copy_of(base, "killed.stave")
            self.kill(point, "import", store, "streams", self.parts[1])
            self.expect_all_or_none(store, point, before, before, self.parts[2])
        self.assertGreater(self.before, 0)
        self.assertGreater(self.after, 0)
        campaign.report_count("imports of plays killed", self.killed,
                              f"{self.before} without the load, {self.after} with all of it, 0 in between; "
                              "every store sound and writable")

    def test_killed_catalogue_updates_leave_all_or_nothing(self):
        base = self.new_store("catalogue.stave", self.parts[0])
        changed = self.dumps / "changed.csv"
        with open(self.dumps / "tracks.csv", newline="") as tracks, open(changed, "w", newline="") as out:
            rows = list(csv.DictReader(tracks))
            writer = csv.DictWriter(out, rows[0])
            writer.writeheader()
            writer.writerows({**row, "track_genre": "changed"} for row in rows)
        question = ("query", base.with_name("killed.stave"), "from tracks | summarize n = count() by track_genre",
                    "--format", "csv")
        store = self.copy_of(base, "killed.stave")
        old = self.stave(*question)
        calls = self.calls_of("import", store, "tracks", changed)
        new = self.stave(*question)
        self.assertNotEqual(old, new)
        chance = random.Random(22)
        for _ in range(50 * campaign.TIMES):
            point = f"any:-:{chance.randint(1, len(calls))}:{chance.choice(('before', 'after'))}"
            store = self.copy_of(base, "killed.stave")
            self.kill(point, "import", store, "tracks", changed)
            self.expect_sound(store, point)
            self.assertIn(self.stave(*question), (old, new), point)
            self.stave("import", store, "tracks", changed)
            self.assertEqual(new, self.stave(*question), point)
        campaign.report_count("updates of the catalogue killed", self.killed, "all of it or nothing each time")

    def test_killed_inits_can_be_repeated(self):
        store = self.folder / "made.stave"
        calls = self.calls_of("init", store)
        for number in range(1, len(calls) + 1):
            for when in ("before", "after"):
                fresh = self.folder / f"made-{number}-{when}.stave"
                self.kill(f"any:-:{number}:{when}", "init", fresh)
                again = self.run_stave("init", fresh)
                self.assertIn("There is a store already" if again.returncode else "Made", again.stdout + again.stderr)
                self.assertEqual(0, self.rows(fresh))
                self.expect_sound(fresh, f"init {number} {when}")
        campaign.report_count("inits killed at every call", self.killed, "each was completed by the next")

    def test_killed_upkeep_loses_nothing(self):
        commands = [arguments for arguments in (("gc", "--keep", "1"), ("compact",)) if self.has_command(arguments[0])]
        if not commands:
            return  # a skipped case would make ctest count the others as skipped too
        base = self.new_store("upkeep.stave", *self.parts)
        rows = self.rows(base)
        chance = random.Random(23)
        for name, *options in commands:
            calls = self.calls_of(name, self.copy_of(base, "counted.stave"), *options)
            numbers = sorted(chance.sample(range(1, len(calls) + 1), min(len(calls), 30 * campaign.TIMES)))
            for number in numbers:
                point = f"any:-:{number}:{chance.choice(('before', 'after'))}"
                store = self.copy_of(base, "killed.stave")
                self.kill(point, name, store, *options)
                self.expect_sound(store, point)
                self.assertEqual(rows, self.rows(store), point)
                self.stave(name, store, *options)
                self.assertEqual(rows, self.rows(store), point)
                self.expect_sound(store, point)
        campaign.report_count("gc and compact killed", self.killed, "not a row lost; every store sound")


if __name__ == "__main__":
    unittest.main()
