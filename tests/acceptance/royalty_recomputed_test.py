"""Royalty models beside a plain recomputation in fractions, over random small stores."""
import csv
import datetime
import io
import random
import unittest
from collections import Counter, defaultdict
from fractions import Fraction

from stave import StaveTest

FIRST, LAST = datetime.date(2025, 5, 1), datetime.date(2025, 5, 31)
COUNTRIES, PLANS, CURRENCIES = ["DE", "FR", "US"], ["premium", "family"], ["EUR", "USD"]


def largest_remainder(total, weights):
    """Parts of `total` by key; weights are by key, in order of key."""
    weight_sum = sum(weights.values())
    if weight_sum == 0:
        return None
    exact = {key: abs(total) * weight / weight_sum for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    order = sorted(exact, key=lambda key: (parts[key] - exact[key], -weights[key], key))
    for key in order[:abs(total) - sum(parts.values())]:
        parts[key] += 1
    return {key: part if total > 0 else -part for key, part in parts.items()}


def half_up(value):
    return int(abs(value) + Fraction(1, 2)) * (1 if value > 0 else -1)


class World:
    """Random plays, subscriptions and pools."""

    def __init__(self, seed):
        draw = random.Random(seed)
        self.artist_of = {f"t{i:02}": f"a{draw.randrange(4)}" for i in range(8)}
        users = [f"u{i:02}" for i in range(9)]
        self.plays = [(draw.choice(users[:-1]), draw.choice([*self.artist_of, "unknown"]),
                       FIRST + datetime.timedelta(draw.randrange(-3, 34)), draw.choice([None, 10, 29, 30, 200]),
                       draw.choice([*COUNTRIES, None]), draw.choice([*PLANS, None])) for _ in range(draw.randrange(1, 200))]
        self.subscriptions = []
        for user in users:
            for _ in range(draw.randrange(3)):
                start = FIRST + datetime.timedelta(draw.randrange(-40, 40))
                end = start + datetime.timedelta(draw.randrange(0, 60)) if draw.random() < 0.5 else None
                self.subscriptions.append((user, start, end, draw.randrange(0, 3000), draw.choice(CURRENCIES)))
        self.pools = {}
        for _ in range(draw.choice([0, 0, 3, 6])):
            key = (draw.choice([*COUNTRIES, None]), draw.choice([*PLANS, None]), draw.choice(CURRENCIES))
            self.pools[key] = draw.randrange(-1000, 100000)
        self.shuffled = draw.sample(self.plays, len(self.plays))
        self.sources = {play: draw.choice(["search", "radio", None]) for play in self.plays}
        self.exclusions = []
        for _ in range(draw.choice([0, 0, 2, 5])):
            days = sorted(FIRST + datetime.timedelta(draw.randrange(31)) for _ in range(2))
            self.exclusions.append((draw.choice([*users, None]), draw.choice([*self.artist_of, None]),
                                    draw.choice([None, days[0]]), draw.choice([None, days[1]])))
        self.exclusions = [one for one in self.exclusions if one[0] or one[1] or (one[2] and one[3] and (one[3] - one[2]).days < 3)]
        # Of artist and country; the second rate of some begins within the period.
        self.rates = []
        for artist in sorted(set(self.artist_of.values())):
            for country in COUNTRIES:
                change = FIRST + datetime.timedelta(draw.randrange(1, 30))
                spans = draw.choice([[], [(None, None)], [(None, change - datetime.timedelta(1)), (change, None)], [(change, LAST)],
                                     [(None, FIRST - datetime.timedelta(1)), (FIRST, None)]])
                self.rates += [(artist, country, draw.randrange(1, 10**6), first, last) for first, last in spans]

    def is_excluded(self, play):
        return any((user is None or user == play[0]) and (track is None or track == play[1]) and
                   (first is None or first <= play[2]) and (last is None or play[2] <= last)
                   for user, track, first, last in self.exclusions)

    def counted(self):
        return [play for play in self.plays if play[1] in self.artist_of and FIRST <= play[2] <= LAST and
                (play[3] is None or play[3] >= 30) and not self.is_excluded(play)]

    def fees(self):
        fees = defaultdict(Fraction)
        for user, start, end, cents, currency in self.subscriptions:
            end = end or (start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
                          if start.day <= 28 else month_later(start)) - datetime.timedelta(1)
            days = (min(end, LAST) - max(start, FIRST)).days + 1
            if days > 0:
                fees[user, currency] += Fraction(cents * days, (end - start).days + 1)
        return fees

    def all_pools(self):
        if self.pools:
            return self.pools
        revenue = defaultdict(Fraction)
        for (_, currency), cents in self.fees().items():
            revenue[None, None, currency] += cents
        return {key: half_up(cents * Fraction(7, 10)) for key, cents in revenue.items()}

    def pool_of(self, play, currency):
        """The pool of a currency that a play enters: no pool that covers it is more specific."""
        country, plan = play[4], play[5]
        for key in ((country, plan), (country, None), (None, plan), (None, None)):
            if any((*key, one) in self.all_pools() for one in CURRENCIES):
                return (*key, currency) if (*key, currency) in self.all_pools() else None
        return None

    def named(self, value, place):  # what no pool names is alike; it sorts last
        return value if value is not None and any(key[place] == value for key in self.pools) else "~"

    def artist_weights(self, rules):
        """By (track, country, plan), rounded to 12 decimals for each user beyond the limit."""
        plays, listeners, of_user, groups = Counter(), defaultdict(set), Counter(), defaultdict(Counter)
        for play in self.counted():
            artist = self.artist_of[play[1]]
            plays[artist] += 1
            listeners[artist].add(play[0])
            of_user[play[0]] += 1
            groups[play[0], play[1], self.named(play[4], 0), self.named(play[5], 1)][self.sources[play] == "search"] += 1
        weights = defaultdict(Fraction)
        for (user, *key), count in groups.items():
            artist = self.artist_of[key[0]]
            is_strong = plays[artist] >= rules["artist_plays"] and len(listeners[artist]) >= rules["artist_listeners"]
            weight = (count[False] + count[True] * Fraction(rules["search_weight"])) * (Fraction(rules["artist_weight"]) if is_strong else 1)
            if of_user[user] > rules["user_plays"]:
                weight = Fraction(half_up(weight * rules["user_plays"] / of_user[user] * 10**12), 10**12)
            weights[tuple(key)] += weight
        return weights

    def rated(self):
        """Plays by artist, track, country and rate."""
        plays = Counter()
        for play in self.counted():
            for artist, country, rate, first, last in self.rates:
                if (artist, country) == (self.artist_of[play[1]], play[4]) and (first or FIRST) <= play[2] <= (last or LAST):
                    plays[artist, play[1], country, rate] += 1
        return plays

    def user_weights(self):
        """Sums of fees in 10^-12 cents, by (currency, play's pool key, track)."""
        plays_of, weights = defaultdict(Counter), defaultdict(lambda: defaultdict(int))
        for play in self.counted():
            plays_of[play[0]][play[1], self.named(play[4], 0), self.named(play[5], 1)] += 1
        everything = sum(plays_of.values(), Counter())
        general = defaultdict(int)
        for (user, currency), cents in self.fees().items():
            net = half_up(cents * Fraction(7, 10) * 10**12)
            if not plays_of[user]:
                general[currency] += net
                continue
            for key, part in largest_remainder(net, dict(sorted(plays_of[user].items()))).items():
                weights[currency][key] += part
        for currency, net in general.items():
            for key, part in (largest_remainder(net, dict(sorted(everything.items()))) or {}).items():
                weights[currency][key] += part
        return weights

    def paid(self, model, rules=None):
        weights = defaultdict(lambda: defaultdict(int))
        of_users = self.user_weights() if model == "user_centric" else None
        for currency in CURRENCIES:
            if model == "pro_rata":
                for play in self.counted():
                    if pool := self.pool_of(play, currency):
                        weights[pool][play[1]] += 1
            else:
                of_model = of_users[currency] if model == "user_centric" else self.artist_weights(rules)
                for (track, country, plan), part in of_model.items():
                    if pool := self.pool_of((None, track, None, None, country, plan), currency):
                        weights[pool][track] += part
        paid = {}
        for pool, amount in self.all_pools().items():
            by_artist = dict(sorted(weights[pool].items(), key=lambda item: (self.artist_of[item[0]], item[0])))
            keyed = {(self.artist_of[track], track): weight for track, weight in by_artist.items()}
            parts = largest_remainder(amount, keyed)
            if parts is None:
                paid[pool, None] = amount
            else:
                paid.update({(pool, track): part for (_, track), part in parts.items()})
        return paid


def month_later(day):
    first = datetime.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    last = (first.replace(day=28) + datetime.timedelta(4)).replace(day=1) - datetime.timedelta(1)
    return last if day.day > last.day else first.replace(day=day.day)


def without_zeros(paid):
    return {key: cents for key, cents in paid.items() if cents != 0}


def money(cents):
    return f"{cents // 100}.{cents % 100:02}"


def csv_text(header, rows):
    return header + "\n" + "".join(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


class Recomputed(StaveTest):
    SEEDS = range(12)

    def fill(self, world, plays):
        self.load("tracks", csv_text("track_id,artist_id", world.artist_of.items()))
        self.load("streams", csv_text("user_id,track_id,listen_time,duration_sec,country,plan,source",
                                      [(play[0], play[1], f"{play[2]} 12:00:00", *play[3:], world.sources[play]) for play in plays]))
        if world.exclusions:
            self.load("exclusions", csv_text("exclusion_id,user_id,track_id,from_time,to_time", [
                (number, user, track, first and f"{first} 00:00:00", last and f"{last} 23:00:00")
                for number, (user, track, first, last) in enumerate(world.exclusions)]))
        if world.rates:
            self.load("royalty_rates", csv_text("artist_id,country,rate,valid_from,valid_to", [
                (artist, country, f"0.{rate:08}", first or "1970-01-01", last) for artist, country, rate, first, last in world.rates]))
        if world.subscriptions:
            self.load("subscriptions", csv_text("subscription_id,user_id,start_date,end_date,price_paid,currency", [
                (number, user, start, end, money(cents), currency)
                for number, (user, start, end, cents, currency) in enumerate(world.subscriptions)]))
        if world.pools:
            self.load("pools", csv_text("period,country,plan,currency,right_type,amount", [
                (FIRST, country, plan, currency, "master", money(cents) if cents >= 0 else "-" + money(-cents))
                for (country, plan, currency), cents in world.pools.items()]))

    def paid(self, model, *arguments):
        text = self.stave("report", self.store, f"royalty.{model}", "-p", f"period={FIRST}", "--format", "csv", *arguments)
        rows = csv.DictReader(io.StringIO(text))
        return text, {((row["country"] or None, row["plan"] or None, row["currency"]), row["track_id"] or None):
                      int(row["amount"].replace(".", "")) for row in rows}

    def test_models_agree_with_fractions(self):
        for seed in self.SEEDS:
            world = World(seed)
            self.stave("init", self.folder / f"{seed}.stave")
            self.store = self.folder / f"{seed}.stave"
            self.fill(world, world.plays)
            for model in ("pro_rata", "user_centric"):
                with self.subTest(seed=seed, model=model):
                    self.assertEqual(without_zeros(world.paid(model)), without_zeros(self.paid(model)[1]))

    def test_artists_with_an_audience_agree_with_fractions(self):
        for seed in self.SEEDS:
            world = World(seed)
            self.store = self.folder / f"{seed}.stave"
            self.stave("init", self.store)
            self.fill(world, world.plays)
            for user_plays in (1, 12, 1000):
                rules = {"artist_plays": 10, "artist_listeners": 3, "artist_weight": "3", "search_weight": "1.7", "user_plays": user_plays}
                with self.subTest(seed=seed, user_plays=user_plays):
                    arguments = [argument for name, value in rules.items() for argument in ("-p", f"{name}={value}")]
                    self.assertEqual(without_zeros(world.paid("artist_centric", rules)),
                                     without_zeros(self.paid("artist_centric", *arguments)[1]))

    def test_rates_that_change_within_the_period(self):
        for seed in self.SEEDS:
            world = World(seed)
            self.store = self.folder / f"{seed}.stave"
            self.stave("init", self.store)
            self.fill(world, world.plays)
            text = self.stave("report", self.store, "royalty.per_play", "-p", f"period={FIRST}", "--format", "csv")
            with self.subTest(seed=seed):
                self.assertEqual({key: plays for key, plays in world.rated().items()}, {
                    (row["artist_id"], row["track_id"], row["country_code"], int(row["rate"].replace(".", ""))): int(row["plays"])
                    for row in csv.DictReader(io.StringIO(text))})

    def test_neither_order_nor_threads_matter(self):
        world = World(5)
        self.fill(world, world.plays)
        once = {model: self.paid(model)[0] for model in ("pro_rata", "user_centric", "artist_centric")}
        self.store = self.folder / "shuffled.stave"
        self.stave("init", self.store)
        self.fill(world, world.shuffled)
        for model, text in once.items():
            for threads in ("1", "3"):
                self.assertEqual(text, self.paid(model, "--threads", threads)[0], model)

    def test_amounts_of_a_quadrillion_cents(self):
        self.load("tracks", "track_id,artist_id\nA,a\nB,b\nC,c\n")
        self.load("streams", "user_id,track_id,listen_time\nu,A,2025-05-01 10:00:00\nu,B,2025-05-01 10:00:00\nv,C,2025-05-01 10:00:00\n")
        self.load("subscriptions", "subscription_id,user_id,start_date,price_paid,currency\n1,u,2025-05-01,9999999999.99,EUR\n"
                  "2,v,2025-05-01,9999999999.99,EUR\n")
        self.load("pools", "period,currency,right_type,amount\n2025-05-01,EUR,master,9999999999999999.99\n")
        for model, parts in (("pro_rata", ["333333333333333333", "333333333333333333", "333333333333333333"]),
                             ("user_centric", ["250000000000000000", "250000000000000000", "499999999999999999"])):
            self.assertEqual([int(part) for part in parts], list(self.paid(model)[1].values()))


if __name__ == "__main__":
    unittest.main()
