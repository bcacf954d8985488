"""Random pools pay out exactly, from CSV files to the lines of a run: with splits, guarantees, advances and minimum payouts.

Some 3,000 pools here; STAVE_CAMPAIGN_TIMES=34 makes it the 100,000 of a campaign, in three minutes.
"""
import csv
import datetime
import io
import itertools
import os
import random
import shutil
import unittest
from collections import defaultdict
from decimal import Decimal

from stave import StaveTest

FIRST, MONTHS = datetime.date(2024, 1, 1), 12
LAST = datetime.date(2024, 12, 31)
DAYS = [FIRST.replace(month=month + 1, day=day) for month in range(MONTHS) for day in (1, 28)]  # of plays: each has files of its own
COUNTRIES = [f"C{i}" for i in range(14)]
PLANS = [f"P{i}" for i in range(6)]
CENT = Decimal("0.01")


def cents(number):
    return f"{Decimal(number) * CENT:.2f}"


class World:
    """Pools of most months, countries and plans, amounts up to 10^15 cents, a few negative or never played."""

    def __init__(self, seed):
        draw = random.Random(seed)
        self.draw = draw
        tracks = [f"t{i:03}" for i in range(60)]
        self.tracks = [(track, f"a{draw.randrange(15)}") for track in tracks]
        self.plays = [(f"u{draw.randrange(80)}", draw.choice(tracks), draw.choice(DAYS), draw.choice([30, 31, 200, ""]),
                       draw.choice(COUNTRIES), draw.choice(PLANS)) for _ in range(9000)]
        self.pools = []
        for month in range(MONTHS):
            for country in COUNTRIES:
                for plan in PLANS:
                    if draw.random() < 0.02:
                        continue
                    amount = draw.randrange(10 ** draw.randrange(1, 16)) * draw.choice([1, 1, 1, 1, 1, -1])
                    self.pools.append((FIRST.replace(month=month + 1), country, plan, "EUR", "sound", cents(amount)))
        self.pools[0] = (*self.pools[0][:5], cents(10 ** 15))
        self.splits = []
        for track in tracks:
            if draw.random() < 0.3:
                continue
            holders = draw.sample(range(30), draw.randrange(1, 6))
            points = sorted(draw.sample(range(1, 100_000_000), len(holders) - 1))
            if len(holders) == 2 and draw.random() < 0.5:
                points = [99_900_000]  # 99.9 %
            for holder, part in zip(holders, [b - a for a, b in zip([0, *points], [*points, 100_000_000])]):
                self.splits.append((track, f"r{holder}", "sound", f"{Decimal(part) / 1_000_000:.6f}"))
        self.holders = [(f"r{i}", "EUR", cents(draw.choice([0, 5000, 10 ** 9])), cents(draw.randrange(-10 ** 9, 10 ** 6))) for i in range(30)]
        self.entries = [(f"e{i}", f"r{draw.randrange(30)}", FIRST + datetime.timedelta(draw.randrange(366)), draw.choice(["advance", "cost"]), cents(draw.randrange(10 ** 8)))
                        for i in range(20)]

    def tables(self):
        return {
            "tracks": ("track_id,artist_id", self.tracks),
            "streams": ("user_id,track_id,listen_time,duration_sec,country_code,plan", self.plays),
            "pools": ("period,country,plan,currency,right_type,amount", self.pools),
            "splits": ("track_id,rightsholder_id,right_type,percent", self.splits),
            "rightsholders": ("rightsholder_id,currency,minimum_payout,opening_balance", self.holders),
            "ledger_entries": ("entry_id,rightsholder_id,date,kind,amount", self.entries)}

    def shuffle(self):
        for _, rows in self.tables().values():
            self.draw.shuffle(rows)


class RoyaltyPools(StaveTest):
    def fill(self, name, world):
        self.store = self.folder / name
        self.stave("init", self.store)
        for table, (header, rows) in world.tables().items():
            self.load(table, "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n")

    def report(self, name, *arguments):
        """The report's text, and a column's place by its name."""
        text = self.stave("report", self.store, name, "-p", f"period={FIRST}", "-p", f"to={LAST}", *arguments, "--format", "csv")
        return text, {name: at for at, name in enumerate(text[:text.index("\n")].split(","))}

    def texts(self, *rules):
        return [self.report(name, *rules)[0] for name in ("royalty.lines", "royalty.balances")]

    def check(self, world, *rules):
        """Every pool is paid to the cent, every account adds up."""
        text, at = self.report("royalty.lines", *rules)
        columns = [at[name] for name in ("line", "pool", "period", "country", "plan", "track_id", "rightsholder_id", "artist_id", "percent", "amount")]
        paid, percents, earned = defaultdict(int), defaultdict(int), defaultdict(int)
        for row in itertools.islice(csv.reader(io.StringIO(text)), 1, None):
            line, pool, period, country, plan, track, holder, artist, percent, amount = [row[column] for column in columns]
            amount = int(amount.replace(".", ""))
            if line != "top_up":
                paid[(period, country, plan)] += amount
            if line == "share":
                percents[(pool, track)] += int(percent.replace(".", ""))
            if line != "unallocated":
                earned[holder or artist] += amount
        expected = {(str(period), country, plan): int(amount.replace(".", "")) for period, country, plan, _, _, amount in world.pools}
        self.assertEqual(paid, expected)
        self.assertEqual(set(percents.values()), {100_000_000})
        minimum = {holder: int(least.replace(".", "")) for holder, _, least, _ in world.holders}
        balances, at = self.report("royalty.balances", *rules)
        for row in itertools.islice(csv.reader(io.StringIO(balances)), 1, None):
            figure = {name: int(row[at[name]].replace(".", "")) for name in ("opening", "earned", "advances", "costs", "adjustments", "payout", "closing")}
            owner = row[at["rightsholder_id"]] or row[at["artist_id"]]
            self.assertEqual(figure["earned"], earned.pop(owner, 0), owner)
            due = figure["opening"] + figure["earned"] - figure["advances"] - figure["costs"] + figure["adjustments"]
            self.assertEqual(due, figure["payout"] + figure["closing"], owner)
            least = minimum.get(owner, 0)
            self.assertEqual(figure["payout"], due if due > 0 and due >= least else 0, owner)
        self.assertFalse(any(earned.values()))
        return [text, balances], len(expected)

    def test_random_pools_pay_out_exactly(self):
        pools = 0
        for seed in range(1, 1 + int(os.environ.get("STAVE_CAMPAIGN_TIMES", "1"))):
            world = World(seed)
            self.fill(f"one{seed}.stave", world)
            for rules in [(), ("-p", "minimum_per_play=123.4567"), ("-p", "model=artist_centric", "-p", "artist_plays=300", "-p", "artist_listeners=10")]:
                answer, count = self.check(world, *rules)
                pools += count
                if not rules:
                    first = answer
            world.shuffle()
            self.fill(f"two{seed}.stave", world)
            for threads in ["1", "2"]:
                self.assertEqual(self.texts("--threads", threads), first, "order and threads change nothing")
            for name in ("one", "two"):
                shutil.rmtree(self.folder / f"{name}{seed}.stave")
        print(f"campaign: random pools through the whole road: {pools}, paid to the cent")


if __name__ == "__main__":
    unittest.main()
