"""Royalties to the cent, from CSV files through the command line."""
import unittest

from stave import StaveTest

PERIOD = "2025-05-01"


def plays(*groups):
    """CSV of plays: groups of (user, track, count)."""
    lines = ["user_id,track_id,listen_time,duration_sec"]
    for user, track, count in groups:
        lines += [f"{user},{track},2025-05-10 12:00:00,60"] * count
    return "\n".join(lines) + "\n"


class RoyaltyCases(StaveTest):
    def tracks(self, *names):
        self.load("tracks", "track_id,track_name,artist_id,track_genre\n" +
                  "".join(f"{name},Song {name},artist {name},pop\n" for name in names))

    def pool(self, amount):
        self.load("pools", f"period,country,plan,currency,right_type,amount\n{PERIOD},,,EUR,master,{amount}\n")

    def paid(self, report="royalty.pro_rata"):
        header, rows = self.report(report, period=PERIOD)
        return {row[header.index("track_id" if "track_id" in header else "artist_id")]: row[header.index("amount")]
                for row in rows}

    def test_case_1_a_pool_from_subscriptions(self):
        self.tracks("A", "B")
        self.load("subscriptions", "subscription_id,user_id,plan_type,status,start_date,price_paid,currency\n"
                  f"s1,u1,premium,active,{PERIOD},10.00,EUR\ns2,u2,premium,active,{PERIOD},10.00,EUR\n")
        self.load("streams", plays(("u1", "A", 80), ("u2", "B", 20)))
        self.assertEqual({"A": "11.20", "B": "2.80"}, self.paid())
        self.assertEqual({"artist A": "11.20", "artist B": "2.80"}, self.paid("royalty.by_artist"))

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

    def test_case_5_without_the_threshold(self):
        self.tracks("w", "x", "y", "z")
        self.load("streams", plays(("u", "w", 1_000_000), ("u", "x", 1_000), ("u", "y", 999), ("u", "z", 1)))
        self.pool("3000.00")
        self.assertEqual({"w": "2994.01", "x": "3.00", "y": "2.99", "z": "0.00"}, self.paid())


if __name__ == "__main__":
    unittest.main()
