"""`stave watch` is killed at every call that changes a file, and started again: each file of the inbox is in the
store exactly once or was refused, lies in one place with its report beside it, and was told to the user's command.
No clock: points are counted calls (kill_shim)."""
import json
import os
import shutil
import signal
import unittest

import campaign

SHIM = os.environ["STAVE_KILL_SHIM"]
BAD = "user_id,track_id,listen_time\n1,a,2025-05-01 10:00:00\n2,b,never\n"


class WatchKillTest(campaign.Campaign):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.base = cls.new_store(cls, "base.stave", cls.parts[0])
        cls.before = cls.rows(cls, cls.base)
        cls.store = cls.folder / "watched.stave"
        cls.inbox = cls.folder / "inbox"
        cls.told = cls.folder / "told"

    def fresh(self):
        """A good file, one with a bad row within the tolerance, and one with too many bad rows."""
        self.copy_of(self.base, self.store.name)
        shutil.rmtree(self.inbox, ignore_errors=True)
        streams = self.inbox / "streams"
        streams.mkdir(parents=True)
        shutil.copy(self.parts[1], streams / "good.csv")
        (streams / "some.csv").write_text(self.parts[2].read_text() + "1,2,3\n")
        (streams / "bad.csv").write_text(BAD)
        self.told.write_text("")

    def watch(self, environment=None):
        command = f"cat >> {self.told}"
        return self.run_stave("watch", self.store, self.inbox, "--once", "--settle", "0", "--max-rejects", "1%",
                              "--on-success", command, "--on-failure", command, environment=environment)

    def places_of(self, name):
        return [path for path in self.inbox.rglob(f"{name}*")
                if path.is_file() and not path.name.endswith((".run.json", ".rejects.csv", ".rejected.csv"))]

    def expect_done(self, rows, point):
        """Nothing lost, nothing twice, everything told."""
        self.assertEqual(rows, self.rows(self.store), point)
        verified = self.run_stave("verify", self.store)
        self.assertEqual(0, verified.returncode, f"{point}: {verified.stdout}{verified.stderr}")
        told = [json.loads(line) for line in self.told.read_text().splitlines()]
        logged = [json.loads(line) for line in (self.inbox / "watch.log.jsonl").read_text().splitlines() if
                  line.startswith("{") and line.endswith("}")]
        for name, top in [("good.csv", "archive"), ("some.csv", "archive"), ("bad.csv", "failed")]:
            places = self.places_of(name)
            self.assertEqual(1, len(places), f"{point}: {places}")
            place = places[0].relative_to(self.inbox)
            self.assertEqual((top, "streams", name), (place.parts[0], place.parts[2], place.name), point)
            run = json.loads(places[0].with_name(f"{name}.run.json").read_text())
            self.assertEqual(str(place), run["moved_to"], point)
            self.assertIn(run, told, point)
            self.assertIn(run, [line for line in logged if line["event"] == "run"], point)
            self.assertEqual(name != "good.csv", places[0].with_name(f"{name}.rejects.csv").is_file(), point)
            rejected = places[0].with_name(f"{name}.rejected.csv")
            self.assertEqual(name == "some.csv", rejected.is_file(), point)
            if name == "some.csv":
                self.assertEqual("1,2,3", rejected.read_text().splitlines()[1], point)
        loaded = [load for load in self.stave("imports", self.store, "--format", "jsonl").splitlines() if
                  "inbox" in load]
        self.assertEqual(2, len(loaded), point)

    def test_killed_at_every_call_no_file_is_lost_or_doubled(self):
        self.fresh()
        log = self.folder / "calls"
        log.unlink(missing_ok=True)
        done = self.watch({"LD_PRELOAD": SHIM, "STAVE_KILL_LOG": str(log)})
        self.assertEqual(campaign.FAILED, done.returncode, done.stderr)
        calls = len(log.read_text().splitlines())
        rows = self.rows(self.store)
        self.assertGreater(rows, self.before)
        self.expect_done(rows, "not killed")
        killed = 0
        for number in range(1, calls + 1):
            point = f"any:-:{number}:before"  # after a call is before the next
            self.fresh()
            done = self.watch({"LD_PRELOAD": SHIM, "STAVE_KILL_AT": point})
            killed += done.returncode == -signal.SIGKILL
            self.assertIn(self.watch().returncode, (campaign.DONE, campaign.FAILED), point)
            self.expect_done(rows, point)
        self.assertGreater(killed, calls * 9 // 10)
        campaign.report_count("watches killed at every call", killed,
                              "each file was imported once, filed away with its report, and told")

    def test_killed_again_after_the_restart(self):
        self.fresh()
        self.watch()
        rows = self.rows(self.store)
        for number in range(1, 200, 20):
            self.fresh()
            for again in range(3):
                self.watch({"LD_PRELOAD": SHIM, "STAVE_KILL_AT": f"any:-:{number + again}:after"})
            self.watch()
            self.expect_done(rows, f"three times at {number}")


if __name__ == "__main__":
    unittest.main()
