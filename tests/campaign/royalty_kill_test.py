"""Royalty runs and payments killed at every call that changes a file: the ledger holds all of an entry or none of
it, is sound, and takes the same entry afterwards. No clock: points are counted calls (kill_shim)."""
import os
import signal
import unittest

import campaign

SHIM = os.environ["STAVE_KILL_SHIM"]


class RoyaltyKillTest(campaign.Campaign):
    def calls_of(self, *arguments):
        log = self.folder / "calls"
        log.unlink(missing_ok=True)
        done = self.run_stave(*arguments, environment={"LD_PRELOAD": SHIM, "STAVE_KILL_LOG": str(log)})
        self.assertEqual(0, done.returncode, done.stderr)
        return log.read_text().splitlines()

    def states(self, store):
        return self.stave("royalty", "runs", store, "--format", "csv").splitlines()[1:]

    def kill_everywhere(self, base, action, *arguments):
        """How often the entry was there and how often not; each time it can be made afterwards."""
        calls = self.calls_of("royalty", action, self.copy_of(base, "counted.stave"), *arguments)
        before = self.states(base)
        outcomes = {True: 0, False: 0}
        for number in range(1, len(calls) + 1):
            for when in ("before", "after"):
                point = f"any:-:{number}:{when}"
                store = self.copy_of(base, "killed.stave")
                done = self.run_stave("royalty", action, store, *arguments,
                                      environment={"LD_PRELOAD": SHIM, "STAVE_KILL_AT": point})
                self.assertEqual(-signal.SIGKILL, done.returncode, f"{point}: {done.stderr}")
                self.stave("verify", store)
                is_there = self.states(store) != before
                outcomes[is_there] += 1
                if not is_there or action == "run":  # running again is running once
                    self.stave("royalty", action, store, *arguments)
                self.assertEqual(1, len(self.states(store)), point)
                self.stave("verify", store)
        campaign.report_count(f"royalty {action} killed", 2 * len(calls),
                              f"{outcomes[False]} without the entry, {outcomes[True]} with all of it, 0 in between")
        return outcomes

    def test_killed_runs_and_payments_leave_all_or_nothing(self):
        base = self.new_store("base.stave", self.parts[0])
        self.stave("import", base, "pools", self.dumps / "pools.csv")
        run = self.kill_everywhere(base, "run", "--period", "2025-05-01")
        self.assertGreater(min(run.values()), 0)
        self.stave("royalty", "run", base, "--period", "2025-05-01")
        pay = self.kill_everywhere(base, "pay", 1)
        self.assertGreater(min(pay.values()), 0)


if __name__ == "__main__":
    unittest.main()
