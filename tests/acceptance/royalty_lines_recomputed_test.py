"""Lines of rights-holders beside a plain recomputation in fractions: splits by date and right type, guarantees, thresholds, yen."""
import csv
import datetime
import io
import random
import unittest
from collections import Counter, defaultdict
from fractions import Fraction

from stave import StaveTest

FIRST, LAST = datetime.date(2025, 5, 1), datetime.date(2025, 5, 31)
COUNTRIES, PLANS = ["DE", "JP", None], ["free", "premium"]
DAY = datetime.timedelta(1)


def largest_remainder(total, weights):
    """Parts of `total`; `weights` are pairs of key and weight, in the order in which ties are broken."""
    whole = sum(weight for _, weight in weights)
    if whole == 0:
        return None
    exact = [abs(total) * Fraction(weight) / whole for _, weight in weights]
    parts = [int(value) for value in exact]
    order = sorted(range(len(weights)), key=lambda at: (parts[at] - exact[at], -weights[at][1], at))
    for at in order[:abs(total) - sum(parts)]:
        parts[at] += 1
    return {key: part if total > 0 else -part for (key, _), part in zip(weights, parts)}


def half_up(value):
    return int(abs(value) + Fraction(1, 2)) * (1 if value > 0 else -1)


class World:
    """Plays of a few weeks, pools of two right types, and splits that begin, change and end."""

    def __init__(self, seed):
        draw = random.Random(seed)
        self.artist_of = {f"t{i}": f"a{draw.randrange(3)}" for i in range(7)}
        tracks = list(self.artist_of)
        self.plays = [(f"u{draw.randrange(6)}", draw.choice(tracks), FIRST + DAY * draw.randrange(-40, 33),
                       draw.choice(COUNTRIES), draw.choice(PLANS)) for _ in range(draw.randrange(1, 300))]
        pools = {}
        for _ in range(draw.randrange(1, 7)):
            key = (draw.choice(COUNTRIES), draw.choice([None, *PLANS]), draw.choice(["EUR", "JPY"]), draw.choice(["master", "publishing"]))
            pools[key] = draw.choice([0, 1, -7, 10, 10 ** 4, 10 ** 15, draw.randrange(10 ** 6)])
        # Numbered as the report does: nulls last.
        order = sorted(pools, key=lambda key: tuple((part is None, part or "") for part in key))
        self.pools = [(*key, pools[key]) for key in order]
        self.splits = []  # track, holder, right type, first day, last day, millionths of a percent
        for track in tracks:
            types = draw.choice([[], ["publishing"], ["master"], ["master", "publishing"]])
            for right_type in types:
                start = draw.choice([datetime.date(2000, 1, 1), FIRST, FIRST + DAY * draw.randrange(31)])
                while start <= LAST:
                    end = draw.choice([None, None, start + DAY * draw.randrange(1, 20)])
                    holders = draw.sample([f"h{i}" for i in range(5)], draw.randrange(1, 4))
                    points = sorted(draw.sample(range(1, 10 ** 8), len(holders) - 1))
                    if draw.random() < 0.4:
                        points = {1: [], 2: [50_000_000], 3: [33_333_333, 66_666_666]}[len(holders)]
                    for holder, low, high in zip(holders, [0, *points], [*points, 10 ** 8]):
                        self.splits.append((track, holder, right_type, start, end, high - low))
                    if end is None:
                        break
                    start = end + DAY * draw.choice([1, 1, 5])
        self.least = draw.choice([0, 0, Fraction(3, 10 ** 4), Fraction(5, 10 ** 2), Fraction(2)])
        self.threshold = draw.choice([0, 0, 10, 40])

    def rules(self):
        return ["-p", f"minimum_per_play={float(self.least):.4f}", "-p", f"threshold_plays={self.threshold}"]

    def entered(self, country, plan, right_type):
        """The pools that a play enters: the most specific ones, of each currency."""
        found = defaultdict(list)
        for number, (of_country, of_plan, _, of_type, _) in enumerate(self.pools, 1):
            if of_type == right_type and of_country in (None, country) and of_plan in (None, plan):
                found[2 * (of_country is not None) + (of_plan is not None)].append(number)
        return found[max(found)] if found else []

    def lines(self):
        """Of each line (pool, holder, artist, track, kind): plays, millionths of a percent, amount in hundredths."""
        of_year = Counter(track for _, track, day, _, _ in self.plays if day <= LAST)
        plays = defaultdict(Counter)  # by pool: (track, day)
        for _, track, day, country, plan in self.plays:
            if FIRST <= day <= LAST and of_year[track] >= self.threshold:
                for right_type in ("master", "publishing"):
                    for number in self.entered(country, plan, right_type):
                        plays[number][track, day] += 1
        made = {}
        for number, (_, _, currency, right_type, amount) in enumerate(self.pools, 1):
            scale = 1 if currency == "JPY" else 100
            by_track = Counter()
            for (track, _), count in plays[number].items():
                by_track[track] += count
            paid = largest_remainder(amount, sorted(by_track.items(), key=lambda item: (self.artist_of[item[0]], item[0])))
            if paid is None:
                made[number, "", "", "", "unallocated"] = (0, None, amount * 100 // scale)
                continue
            weights = {}  # of (payee, track): plays times millionths
            earned = Counter()
            for track, part in paid.items():
                of_track = Counter()
                for (played, day), count in plays[number].items():
                    if played != track:
                        continue
                    left = 10 ** 8
                    for of, holder, of_type, start, end, percent in self.splits:
                        if of == track and of_type == right_type and start <= day and (end is None or day <= end):
                            of_track[holder] += count * percent
                            left -= percent
                    of_track[None] += count * left
                shares = [(holder, of_track[holder]) for holder in sorted(filter(None, of_track))] + [(None, of_track[None])]
                shares = [(holder, weight) for holder, weight in shares if weight > 0]
                for holder, amount_of in largest_remainder(part, shares).items():
                    artist = self.artist_of[track]
                    made[number, holder or "", artist, track, "share"] = (by_track[track], half_up(Fraction(of_track[holder], by_track[track])), amount_of * 100 // scale)
                    payee = (holder, None) if holder else (None, artist)
                    weights.setdefault(payee, {})[track] = of_track[holder]
                    earned[payee] += amount_of
            for payee, of_payee in weights.items():
                least = half_up(Fraction(sum(of_payee.values()), 10 ** 8) * self.least * scale)
                if self.least > 0 and least > earned[payee]:
                    for track, part in largest_remainder(least - earned[payee], sorted(of_payee.items())).items():
                        made[number, payee[0] or "", self.artist_of[track], track, "top_up"] = (0, None, part * 100 // scale)
        return made


class RoyaltyLinesRecomputed(StaveTest):
    def table(self, name, header, rows):
        self.load(name, "\n".join([header, *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]) + "\n")

    def fill(self, world, name):
        self.store = self.folder / name
        self.stave("init", self.store)
        self.table("tracks", "track_id,artist_id", world.artist_of.items())
        self.table("streams", "user_id,track_id,listen_time,duration_sec,country_code,plan",
                   [(user, track, f"{day} 12:00:00", 60, country, plan) for user, track, day, country, plan in world.plays])
        self.table("pools", "period,country,plan,currency,right_type,amount",
                   [(FIRST, country, plan, currency, right_type, amount if currency == "JPY" else f"{'-' * (amount < 0)}{abs(amount) // 100}.{abs(amount) % 100:02}")
                    for country, plan, currency, right_type, amount in world.pools])
        if world.splits:
            self.table("splits", "track_id,rightsholder_id,right_type,valid_from,valid_to,percent",
                       [(track, holder, right_type, start, end, f"{part // 10 ** 6}.{part % 10 ** 6:06}")
                        for track, holder, right_type, start, end, part in world.splits])

    def test_lines_agree_with_fractions(self):
        for seed in range(15):
            with self.subTest(seed=seed):
                world = World(seed)
                self.fill(world, f"{seed}.stave")
                text = self.stave("report", self.store, "royalty.lines", "-p", f"period={FIRST}", *world.rules(), "--format", "csv")
                made = {}
                for row in csv.DictReader(io.StringIO(text)):
                    key = (int(row["pool"]), row["rightsholder_id"], row["artist_id"], row["track_id"], row["line"])
                    self.assertNotIn(key, made)
                    made[key] = (int(row["plays"]), int(row["percent"].replace(".", "")) if row["percent"] else None,
                                 int(row["amount"].replace(".", "")))
                expected = world.lines()
                self.assertEqual(expected, made)
                lines = self.folder / f"lines-{seed}"
                self.stave("royalty", "run", self.store, "--period", FIRST, *world.rules(), "--dry-run", "--into", lines)
                self.assertEqual(len(expected), len((lines / "lines.tsv").read_text().splitlines()))


if __name__ == "__main__":
    unittest.main()
