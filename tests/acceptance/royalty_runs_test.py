"""Royalty runs and their ledger: stored once, never changed, restated, paid, explained."""
import csv
import io
import json
import pathlib
import shutil
import unittest

from stave import StaveTest

PERIOD = "2025-05-01"


class RoyaltyRuns(StaveTest):
    def setUp(self):
        super().setUp()
        self.load("tracks", "track_id,track_name,artist_id\nA,Song A,artist A\nB,Song B,artist B\n")
        self.load("streams", "user_id,track_id,listen_time,duration_sec\n" +
                  "honest,A,2025-05-10 12:00:00,60\n" * 100 + "robot,A,2025-05-11 12:00:00,60\n" * 500 +
                  "honest,B,2025-05-12 12:00:00,60\n" * 400 + "honest,B,2025-05-12 12:00:00,20\n" * 3 +
                  "honest,unknown,2025-05-12 12:00:00,60\n" * 2)
        self.load("pools", "period,country,plan,currency,right_type,amount\n2025-05-01,,,EUR,master,1000.00\n")

    def royalty(self, action, *arguments):
        return self.stave("royalty", action, self.store, *arguments)

    def royalty_rows(self, action, *arguments):
        header, *rows = csv.reader(io.StringIO(self.royalty(action, *arguments, "--format", "csv")))
        return [dict(zip(header, row)) for row in rows]

    def refuses(self, code, words, action, *arguments):
        done = self.run_stave("royalty", action, self.store, *arguments)
        self.assertEqual(code, done.returncode, done.stderr)
        self.assertIn(words, done.stderr)

    def run_may(self, *arguments):
        return self.royalty_rows("run", "--period", PERIOD, *arguments)

    def fraud(self):
        self.load("exclusions", "exclusion_id,user_id,reason\n1,robot,fraud\n")

    def test_case_10_a_restatement_moves_money_and_makes_none(self):
        self.assertEqual([("artist A", "600.00"), ("artist B", "400.00")],
                         [(row["id"], row["payout"]) for row in self.run_may()])
        self.fraud()
        adjusted = self.royalty_rows("restate", 1)
        self.assertEqual([("artist A", "600.00", "200.00", "-400.00"), ("artist B", "400.00", "800.00", "400.00")],
                         [(row["id"], row["before"], row["now"], row["adjustment"]) for row in adjusted])
        self.assertEqual([("1", "replaced", "", "2"), ("2", "pending", "1", "")],
                         [(row["run"], row["state"], row["replaces"], row["replaced_by"])
                          for row in self.royalty_rows("runs")])
        self.assertEqual(adjusted, self.royalty_rows("diff", 1, 2))
        shown = self.royalty("show", 2)
        self.assertIn("Plays: 1,005 in, 500 counted, 500 fraud, 3 short, 2 unknown_track.", shown)
        self.refuses(2, "was replaced by run 2", "restate", 1)
        self.refuses(2, "was replaced by run 2", "pay", 1)

    def test_running_twice_is_running_once(self):
        first = self.run_may()
        self.assertEqual(first, self.run_may())
        self.assertEqual(1, len(self.royalty_rows("runs")))
        self.refuses(1, "Correct it with `stave royalty restate`", "run", "--period", PERIOD, "-p", "min_seconds=10")
        self.refuses(1, "Correct it with `stave royalty restate`", "run", "--period", "2025-05-05", "--to", "2025-05-20")

    def test_a_run_over_an_old_snapshot_gives_the_same_bytes(self):
        self.run_may()
        snapshot = self.royalty_rows("runs")[0]["snapshot"]
        self.royalty("export", 1, "--into", self.folder / "first")
        self.fraud()
        self.royalty("run", "--period", PERIOD, "--as-of", snapshot, "--dry-run", "--into", self.folder / "again")
        for one, other in (("run_000001.tsv", "run.tsv"), ("run_000001_lines.tsv", "lines.tsv")):
            self.assertEqual((self.folder / "first" / one).read_bytes(), (self.folder / "again" / other).read_bytes())
        for threads in (1, 4):
            self.royalty("run", "--period", PERIOD, "--as-of", snapshot, "--dry-run", "--threads", threads, "--into",
                         self.folder / f"on-{threads}")
            self.assertEqual((self.folder / "again" / "lines.tsv").read_bytes(),
                             (self.folder / f"on-{threads}" / "lines.tsv").read_bytes())

    def test_paid_once(self):
        self.run_may()
        paid = self.royalty_rows("pay", 1, "--artist", "artist A")
        self.assertEqual(["paid", "pending"], [row["state"] for row in paid])
        self.assertEqual("partly paid", self.royalty_rows("runs")[0]["state"])
        self.refuses(1, "is paid already", "pay", 1, "--artist", "artist A")
        self.royalty("pay", 1)
        self.assertEqual("paid", self.royalty_rows("runs")[0]["state"])
        self.refuses(1, "Run 1 is paid already", "pay", 1)
        self.fraud()
        self.royalty("restate", 1)
        accounts = {row["id"]: row for row in self.royalty_rows("show", 2)}
        self.assertEqual(("600.00", "0.00", "-400.00"),
                         tuple(accounts["artist A"][name] for name in ("paid_before", "payout", "closing")))
        self.assertEqual(("400.00", "400.00", "0.00"),
                         tuple(accounts["artist B"][name] for name in ("paid_before", "payout", "closing")))

    def test_a_changed_byte_shows(self):
        self.run_may()
        self.royalty("pay", 1)
        self.stave("verify", self.store)
        ledger = pathlib.Path(self.store) / "royalty.ledger"
        for file in sorted(ledger.iterdir()):
            sound = file.read_bytes()
            for place in (0, len(sound) // 2, len(sound) - 2):
                changed = bytearray(sound)
                changed[place] ^= 1
                file.write_bytes(changed)
                self.assertEqual(5, self.run_stave("verify", self.store).returncode, f"{file.name} at {place}")
            file.unlink()
            done = self.run_stave("verify", self.store)
            if file.name == "entries":  # nothing tells that there were runs but their files
                self.assertIn("belongs to no snapshot", done.stderr)
            else:
                self.assertEqual(5, done.returncode, file.name)
            file.write_bytes(sound)
        self.stave("verify", self.store)

    def test_upkeep_leaves_the_ledger_alone(self):
        self.run_may()
        before = {file.name: file.read_bytes() for file in (self.store / "royalty.ledger").iterdir()}
        self.fraud()
        self.stave("compact", self.store)
        self.stave("gc", self.store)
        self.stave("repair", self.store)
        self.assertEqual(before, {file.name: file.read_bytes() for file in (self.store / "royalty.ledger").iterdir()})
        copy = self.folder / "copy.stave"
        shutil.copytree(self.store, copy)
        self.assertEqual(self.royalty("runs"), self.stave("royalty", "runs", copy))

    def test_what_a_killed_run_left_is_written_over(self):
        self.run_may("--dry-run")
        ledger = self.store / "royalty.ledger"
        ledger.mkdir()
        (ledger / "run_000001.tsv").write_text("half a r")
        (ledger / "entries.tmp").write_text("Stave ledg")
        self.assertEqual([], self.royalty_rows("runs"))
        self.stave("verify", self.store)
        self.run_may()
        self.stave("verify", self.store)

    def test_a_run_that_does_not_add_up_is_not_stored(self):
        reports = self.store / "reports"
        reports.mkdir(exist_ok=True)
        (reports / "royalty.shares.stq").write_text(
            "# Loses a cent.\nparam period: date;\nparam to: date = null;\nparam model: string = \"pro_rata\";\n"
            "from pools | select pool = 1, period, country, plan, currency, right_type, artist_id = 'artist A', track_id = 'A',\n"
            "  plays = 1, weight = 1 :: decimal(38,12), part = 99999 :: decimal(38,0), scale = 100, pool_currency = currency,\n"
            "  line = 'share'\n")
        self.refuses(1, "the lines of pool 1 sum to 999.99, and it has 1000.00", "run", "--period", PERIOD)
        self.assertEqual([], self.royalty_rows("runs"))

    def test_lines_of_a_report_of_ones_own_are_checked(self):
        reports = self.store / "reports"
        reports.mkdir(exist_ok=True)

        def line(pool, track, percent, amount):
            return (f"from pools | take 1 | select pool = {pool}, rightsholder_id = null, artist_id = 'artist A', "
                    f"track_id = {track} :: string, line = 'share', plays = 1, percent = {percent} :: decimal(9,6), "
                    f"amount = {amount} :: decimal(18,2)")

        def lines_are(*lines):
            (reports / "royalty.lines.stq").write_text(
                "# Made up.\nparam period: date;\nparam to: date = null;\nparam model: string = \"pro_rata\";\n" +
                lines[0] + "".join(f"\n| union ({one})" for one in lines[1:]) + "\n")

        lines_are(line(1, "'A'", 100, 600), line(1, "'B'", 60, 200), line(1, "'B'", 30, 200))
        self.refuses(1, "the parts of track B in pool 1 sum to 90000000 millionths", "run", "--period", PERIOD)
        lines_are(line(1, "'A'", 100, 600), line(1, "'A'", 100, 400))
        self.refuses(1, "the parts of track A in pool 1 sum to 200000000 millionths", "run", "--period", PERIOD)
        lines_are(line(1, "'A'", 100, 600), line(1, "null", 100, 400))
        self.refuses(1, "a line of pool 1 has no track, and 400.00", "run", "--period", PERIOD)
        lines_are(line(2, "'A'", 100, 600), line(1, "'B'", 100, 400))
        self.refuses(1, "a line of pool 1 comes after those of pool 2", "run", "--period", PERIOD)
        self.assertEqual([], self.royalty_rows("runs"))
        lines_are(line(1, "'A'", 100, 600), line(1, "'B'", 60, 200), line(1, "'B'", 40, 200))
        self.assertEqual(["1000.00"], [row["earned"] for row in self.run_may()])

    def test_statements_are_the_same_together_and_one_by_one(self):
        self.load("pools", "period,country,plan,currency,right_type,amount\n2025-05-01,,,USD,master,77.77\n"
                  "2025-05-01,,,USD,publishing,33.33\n2025-05-01,SE,,SEK,master,5.00\n")
        self.load("splits", "track_id,rightsholder_id,right_type,percent\nA,x,master,60\nA,y\\z,master,40\nA,x,publishing,100\n")
        self.load("ledger_entries", "entry_id,rightsholder_id,date,kind,amount\n1,x,2025-05-03,advance,5.00\n")
        self.run_may("-p", "minimum_per_play=0.9")
        together = self.royalty("statement", 1, "--format", "csv")
        for kind in ("share", "top_up", "advances", "payout"):
            self.assertIn(kind, together)
        for threads in (1, 3):
            self.royalty("statement", 1, "--format", "csv", "--into", self.folder / f"files-{threads}", "--threads", threads)
            files = sorted((self.folder / f"files-{threads}").iterdir())
            self.assertEqual(["statement-artist-artist_32_B-2025-05-01.csv", "statement-rightsholder-x-2025-05-01.csv",
                              "statement-rightsholder-y_92_z-2025-05-01.csv"], [file.name for file in files])
            header = together.splitlines()[0]
            self.assertEqual(sorted(together.splitlines()[1:]),
                             sorted(line for file in files for line in file.read_text().splitlines() if line != header))
            self.assertEqual(files[1].read_text(), self.royalty("statement", 1, "--rightsholder", "x", "--format", "csv"))
            self.assertEqual(files[0].read_text(), self.royalty("statement", 1, "--artist", "artist B", "--format", "csv"))

    def test_rules_from_a_file(self):
        rules = self.folder / "rules.toml"
        rules.write_text('model = "artist_centric"\nmin_seconds = 10\nartist_plays = 500\nartist_listeners = 2\nsearch_weight = 1.5\n')
        self.run_may("--rules", rules)
        shown = self.royalty("show", 1)
        self.assertIn("artist_centric", shown)
        self.assertIn("Rules: artist_listeners = 2, artist_plays = 500, min_seconds = 10, model = artist_centric, search_weight = 1.5.",
                      shown)
        rules.write_text("min_second = 10\n")
        self.refuses(2, "No such rule of royalties: min_second", "run", "--period", PERIOD, "--rules", rules)

    def test_explain_leads_from_the_plays_to_the_payout(self):
        self.load("splits", "track_id,rightsholder_id,right_type,percent\nA,x,master,60\nA,y,master,40\n")
        self.run_may()
        told = self.royalty("explain", 1, "--track", "A")
        for words in ("Plays in the period: 600, of which 0 are short.", "600 of 1000 counted plays",
                      "which is 0.600000000000 of the pool", "Pool 1000.00 x 0.600000000000 = 600.00",
                      "rightsholder x 360.00 EUR for 60.000000 percent", "rightsholder y 240.00 EUR for 40.000000 percent",
                      "payout 360.00"):
            self.assertIn(words, told)


    def test_a_sales_report_is_written_and_read(self):
        self.load("splits", "track_id,rightsholder_id,right_type,percent\nA,x,master,60\nA,y_y,master,40\n")
        self.run_may()
        out = self.folder / "out"
        self.royalty("export", 1, "--into", out, "--dsr", "--rightsholder", "y_y", "--sender", "A Label", "--service", "Stream_1")
        [report] = out.iterdir()
        self.assertRegex(report.name, r"^DSR_y-y_A-Label_Stream-1_2025-05_Worldwide_1of1_\d{8}T\d{6}\.tsv$")
        lines = report.read_text().splitlines()
        self.assertEqual(f"FOOT\t{len(lines)}\t{len(lines)}\t1", lines[-1])
        self.assertIn("SU01\t1\t1\t1\tstave::y_y\tstave::artist A\tstave::A\tshare\t600\t40.000000\t240.00", lines)
        self.stave("import", self.store, "sales", report, "--input-format", "dsr", "--create")
        self.assertEqual([["stave::A", "600", "240.00"]],
                         self.query("from sales | select resource_id, usages, net_revenue"))
        shorter = self.folder / "shorter.tsv"
        shorter.write_text("\n".join(lines[1:]) + "\n")
        done = self.run_stave("import", self.store, "sales", shorter, "--input-format", "dsr")
        self.assertEqual(1, done.returncode)
        self.assertIn(f"A sales report has {len(lines) - 1} lines, and its FOOT says {len(lines)}", done.stderr)
        shorter.write_text("\n".join(lines[:-1]) + "\n")
        self.assertIn("ends without FOOT", self.run_stave("import", self.store, "sales", shorter, "--input-format", "dsr").stderr)


class RoyaltyAccounts(StaveTest):
    def test_case_8_recoupment_over_four_months(self):
        self.load("tracks", "track_id,artist_id\nA,artist A\n")
        months = [f"2025-0{month}-01" for month in range(1, 5)]
        self.load("streams", "user_id,track_id,listen_time\n" + "".join(f"u,A,{month} 12:00:00\n" for month in months))
        self.load("pools", "period,country,plan,currency,right_type,amount\n" + "".join(
            f"{month},,,EUR,master,{amount}\n" for month, amount in zip(months, ("320.10", "410.05", "12.00", "40.00"))))
        self.load("rightsholders", "rightsholder_id,name,currency,minimum_payout,opening_balance\nx,Ex,EUR,50.00,-500.00\n")
        self.load("splits", "track_id,rightsholder_id,right_type,percent\nA,x,master,100\n")
        paid = []
        for number, month in enumerate(months, 1):
            self.stave("royalty", "run", self.store, "--period", month)
            header, rows = self.rows("royalty", "statement", self.store, number, "--rightsholder", "x")
            amounts = {row[header.index("kind")]: row[header.index("amount")] for row in rows}
            paid.append((amounts["opening_balance"], amounts["payout"], amounts["closing_balance"]))
        self.assertEqual([("-500.00", "0.00", "-179.90"), ("-179.90", "230.15", "0.00"), ("0.00", "0.00", "12.00"),
                          ("12.00", "52.00", "0.00")], paid)
        self.stave("royalty", "statement", self.store, 2, "--into", self.folder / "statements", "--format", "json")
        [statement] = (self.folder / "statements").iterdir()
        self.assertEqual("statement-rightsholder-x-2025-02-01.json", statement.name)
        self.assertEqual(410.05, json.loads(statement.read_text())[1]["amount"])


if __name__ == "__main__":
    unittest.main()
