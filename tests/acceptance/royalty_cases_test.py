"""The exact cases of the royalty rules, to the cent, from CSV files through the command line."""
import unittest

from stave import StaveTest

PERIOD = "2025-05-01"


def plays(*groups):
    """CSV of plays of a minute: groups of (user, track, count[, source])."""
    lines = ["user_id,track_id,listen_time,duration_sec,source"]
    for user, track, count, *source in groups:
        lines += [f"{user},{track},2025-05-10 12:00:00,60,{source[0] if source else 'playlist'}"] * count
    return "\n".join(lines) + "\n"


class RoyaltyCases(StaveTest):
    def tracks(self, *names):
        self.load("tracks", "track_id,track_name,artist_id,track_genre\n" +
                  "".join(f"{name},Song {name},artist {name},pop\n" for name in names))

    def pool(self, amount, currency="EUR"):
        self.load("pools", f"period,country,plan,currency,right_type,amount\n{PERIOD},,,{currency},master,{amount}\n")

    def subscriptions(self, price, *users):
        self.load("subscriptions", "subscription_id,user_id,plan_type,status,start_date,price_paid,currency\n" +
                  "".join(f"of {user},{user},premium,active,{PERIOD},{price},EUR\n" for user in users))

    def paid(self, report="royalty.pro_rata", **parameters):
        header, rows = self.report(report, period=PERIOD, **parameters)
        key, amount = header.index("track_id" if "track_id" in header else "artist_id"), header.index("amount")
        return {row[key]: row[amount] for row in rows}

    def lines(self, **parameters):
        header, rows = self.report("royalty.lines", period=PERIOD, **parameters)
        return [dict(zip(header, row)) for row in rows]

    def test_case_1_two_users(self):
        self.tracks("A", "B")
        self.subscriptions("10.00", "u1", "u2")
        self.load("streams", plays(("u1", "A", 80), ("u2", "B", 20)))
        self.assertEqual({"A": "11.20", "B": "2.80"}, self.paid())
        self.assertEqual({"A": "7.00", "B": "7.00"}, self.paid("royalty.user_centric"))
        self.assertEqual({"artist A": "11.20", "artist B": "2.80"}, self.paid("royalty.by_artist"))
        self.assertEqual({"artist A": "7.00", "artist B": "7.00"}, self.paid("royalty.by_artist", model="user_centric"))

    def test_case_2_three_users(self):
        self.tracks(*"ABC")
        self.subscriptions("9.99", "u1", "u2", "u3")
        self.load("streams", plays(("u1", "A", 70), ("u1", "B", 30), ("u2", "B", 5), ("u2", "C", 5), ("u3", "A", 1),
                                   ("u3", "B", 1), ("u3", "C", 1)))
        self.assertEqual({"A": "13.18", "B": "6.68", "C": "1.12"}, self.paid())
        self.assertEqual({"A": "7.23", "B": "7.92", "C": "5.83"}, self.paid("royalty.user_centric"))

    def test_a_fee_without_plays_goes_to_all(self):
        self.tracks("A", "B")
        self.subscriptions("10.00", "u1", "u2", "idle")
        self.load("streams", plays(("u1", "A", 30), ("u2", "B", 10)))
        self.assertEqual({"A": "12.25", "B": "8.75"}, self.paid("royalty.user_centric"))

    def test_case_3_three_equal_parts(self):
        self.tracks("a", "b", "c")
        self.load("streams", plays(*[("u", track, 1) for track in "abc"]))
        self.pool("100.00")
        self.assertEqual({"a": "33.34", "b": "33.33", "c": "33.33"}, self.paid())

    def test_case_3_seven_equal_parts_of_five_cents(self):
        self.tracks(*"abcdefg")
        self.load("streams", plays(*[("u", track, 1) for track in "abcdefg"]))
        self.pool("0.05")
        self.assertEqual(dict(zip("abcdefg", ["0.01"] * 5 + ["0.00"] * 2)), self.paid())

    def test_case_3_a_negative_pool(self):
        self.tracks("a", "b", "c")
        self.load("streams", plays(*[("u", track, 1) for track in "abc"]))
        self.pool("-0.05")
        self.assertEqual({"a": "-0.02", "b": "-0.02", "c": "-0.01"}, self.paid())

    def test_case_4_splits(self):
        self.tracks("A")
        self.load("streams", plays(("u", "A", 3)))
        self.pool("10.01")
        self.load("splits", "track_id,rightsholder_id,right_type,percent\n"
                  "A,x,master,33.333\nA,y,master,33.333\nA,z,master,33.334\n")
        self.assertEqual({"x": "3.34", "y": "3.33", "z": "3.34"},
                         {line["rightsholder_id"]: line["amount"] for line in self.lines()})

    def test_splits_that_do_not_add_up_name_the_track(self):
        self.tracks("A", "B")
        self.load("streams", plays(("u", "A", 3)))
        self.pool("10.00")
        self.load("splits", "track_id,rightsholder_id,right_type,percent\nB,x,master,100\nA,x,master,50\nA,y,master,49.9\n")
        done = self.run_stave("report", self.store, "royalty.lines", "-p", f"period={PERIOD}")
        self.assertEqual(1, done.returncode)
        self.assertIn("The splits of a track do not add up to 100 percent.", done.stderr)
        self.assertIn('track_id = "A"', done.stderr)
        self.assertIn("percent = 99.9", done.stderr)

    def test_splits_change_within_the_period(self):
        self.tracks("A")
        self.load("streams", "user_id,track_id,listen_time\n" + "u,A,2025-05-10 12:00:00\n" * 3 + "u,A,2025-05-20 12:00:00\n")
        self.pool("10.00")
        self.load("splits", "track_id,rightsholder_id,right_type,valid_from,valid_to,percent\n"
                  "A,x,master,2020-01-01,2025-05-15,100\nA,y,master,2025-05-16,,60\nA,x,master,2025-05-16,,40\n")
        self.assertEqual({"x": ("8.50", "85.000000"), "y": ("1.50", "15.000000")},
                         {line["rightsholder_id"]: (line["amount"], line["percent"]) for line in self.lines()})

    def test_case_5_the_threshold(self):
        self.tracks("w", "x", "y", "z")
        self.load("streams", plays(("u", "w", 1_000_000), ("u", "x", 1_000), ("u", "y", 999), ("u", "z", 1)))
        self.pool("3000.00")
        self.assertEqual({"w": "2994.01", "x": "3.00", "y": "2.99", "z": "0.00"}, self.paid())
        self.assertEqual({"w": "2997.00", "x": "3.00"}, self.paid(threshold_plays=1000))
        _, counts = self.report("royalty.play_counts", period=PERIOD, threshold_plays=1000)
        self.assertEqual([["below_threshold", "1000"], ["counted", "1001000"]], counts)

    def test_case_6_artist_centric(self):
        self.tracks("P", "N")
        self.load("streams", plays(("u1", "P", 300, "search"), ("u1", "N", 300), ("u2", "P", 2000), ("u2", "N", 1000, "search")))
        self.pool("100.00")
        rules = {"artist_plays": 2000, "artist_listeners": 1}
        self.assertEqual({"P": "72.38", "N": "27.62"}, self.paid("royalty.artist_centric", **rules))
        self.assertEqual({"P": "63.89", "N": "36.11"}, self.paid())

    def test_case_7_a_guarantee(self):
        self.tracks("label", "others")
        self.load("streams", plays(("u", "label", 100_000), ("u", "others", 900_000)))
        self.pool("700.00")  # a tenth of the case's plays and pool
        header, rows = self.report("royalty.by_artist", period=PERIOD, minimum_per_play="0.0008")
        of_label = dict(zip(header, next(row for row in rows if row[0] == "artist label")))
        self.assertEqual(("80.00", "10.00"), (of_label["amount"], of_label["top_up"]))
        named = {(line["artist_id"], line["line"]): line["amount"] for line in self.lines(minimum_per_play="0.0008")}
        self.assertEqual({("artist label", "share"): "70.00", ("artist label", "top_up"): "10.00",
                          ("artist others", "share"): "630.00", ("artist others", "top_up"): "90.00"}, named)

    def test_case_9_a_currency_without_cents(self):
        self.tracks("a", "b", "c")
        self.load("streams", plays(*[("u", track, 1) for track in "abc"]))
        self.pool("100.00", "JPY")
        self.assertEqual({"a": "34.00", "b": "33.00", "c": "33.00"}, self.paid())
        done = self.run_stave("report", self.store, "royalty.pro_rata", "-p", f"period={PERIOD}", "-p", "pay_in=USD")
        self.assertEqual(1, done.returncode)
        self.assertIn("No row of `fx_rates`", done.stderr)
        self.load("fx_rates", "date,from_currency,to_currency,rate,source\n"
                  "2025-05-01,JPY,USD,0.00700,ECB\n2025-05-30,JPY,USD,0.00613,ECB\n2025-06-01,JPY,USD,0.00800,ECB\n")
        self.assertEqual({"a": "0.21", "b": "0.20", "c": "0.20"}, self.paid(pay_in="USD"))
        header, [pool] = self.report("royalty.pools", period=PERIOD, pay_in="USD")
        used = dict(zip(header, pool))
        self.assertEqual(("61", "0.00613000", "2025-05-30", "ECB", "100.00"),
                         tuple(used[name] for name in ("amount", "rate", "rate_date", "rate_source", "pool_amount")))

    def test_case_10_fraudulent_plays(self):
        self.tracks("A", "B")
        self.load("streams", plays(("honest", "A", 100), ("robot", "A", 500), ("honest", "B", 400)))
        self.pool("1000.00")
        self.assertEqual({"A": "600.00", "B": "400.00"}, self.paid())
        self.load("exclusions", "exclusion_id,user_id,track_id,from_time,to_time,reason\n"
                  "1,robot,,,,fraud\n2,robot,A,2025-05-10 00:00:00,,fraud\n3,,B,2025-06-01 00:00:00,,late\n")
        self.assertEqual({"A": "200.00", "B": "800.00"}, self.paid())
        self.assertEqual([["counted", "500"], ["fraud", "500"]], self.report("royalty.play_counts", period=PERIOD)[1])


if __name__ == "__main__":
    unittest.main()
