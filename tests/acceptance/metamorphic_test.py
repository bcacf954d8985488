"""What must not change an answer: how plays were cut into loads, their order, compaction, threads; and what must add up."""
import random
import unittest

from stave import StaveTest

CONDITIONS = [
    "duration_sec > 60",
    "track.popularity >= 50 or platform == \"ios\"",
    "user.country == country_code",
    "track.track_genre like \"%o%\" and hour(listen_time) in 6 .. 18",
    "not (day < @2025-05-03 and track.duration_ms > 200000)",
    "case { duration_sec < 30 => null, duration_sec < 90 => true, else => false }",
    "coalesce(track.popularity, user_id) % 7 == 3",
    "listen_time - 6h < @2025-05-04T12:30:00",
]
PROGRAMS = [
    "from streams | summarize n = count(), u = distinct(user_id), t = distinct(track_id), s = sum(duration_sec) "
    "by day, g = track.track_genre",
    "from streams | summarize q = quantile(duration_sec, 0.9), m = top_value(track_id), a = avg(completion_pct), "
    "f = first_by(track_id, listen_time), l = last_by(platform, listen_time) by user_id",
    "from streams | summarize n = count() by day, g = track.track_genre, track_id | top 3 by n desc, track_id per day, g",
    "from streams | derive first = min(date(listen_time)) over (per user_id) | summarize u = distinct(user_id) "
    "by first, d = date(listen_time)",
    "from streams | derive n = row_number() over (per user_id sort listen_time, track_id), "
    "s = sum(duration_sec) over (per track_id sort listen_time, user_id rows -3 .. 1) "
    "| sort listen_time, user_id, track_id, duration_sec, platform | select user_id, track_id, listen_time, n, s",
    "let hot = from streams | summarize n = count() by track_id | where n > 3;\n"
    "from streams | join inner hot on track_id | summarize s = sum(n), d = distinct(user_id) by country_code, platform",
    "from streams | where user_id in 3 .. 9 | sort listen_time, track_id, user_id, duration_sec, platform | take 50 offset 7",
    "from streams | summarize n = count(), x = approx_distinct(track_id), e = avg(track.energy), d = stddev(duration_sec)",
]


class MetamorphicTest(StaveTest):
    def setUp(self):
        super().setUp()
        self.stave("gen", self.folder / "dumps", "--streams", "6000", "--users", "150", "--tracks", "300",
                   "--days", "9", "--quiet")
        header, *self.plays = (self.folder / "dumps/streams.csv").read_text().splitlines()
        self.header = header

    def make(self, name, loads):
        """A store whose plays come in these loads, its catalogue between them."""
        store = self.folder / name
        self.stave("init", store)
        for number, plays in enumerate(loads):
            path = self.folder / "load.csv"
            path.write_text("\n".join([self.header, *plays]) + "\n")
            self.stave("import", store, "streams", path, "--quiet")
            if number == 0:
                for table in ("tracks", "users"):
                    self.stave("import", store, table, self.folder / f"dumps/{table}.csv", "--quiet")
        return store

    def answers(self, store, *options):
        return [self.stave("query", store, program, "--format", "csv", *options) for program in PROGRAMS]

    def test_loads_their_order_and_compaction_change_nothing(self):
        expected = self.answers(self.make("one.stave", [self.plays]))
        shuffled = self.plays[:]
        random.Random(5).shuffle(shuffled)
        several = self.make("several.stave", [shuffled[i::4] for i in range(4)])
        for threads in ("1", "2", "3", "8"):
            for program, one, other in zip(PROGRAMS, expected, self.answers(several, "--threads", threads)):
                self.assertEqual(one, other, f"{threads} threads: {program}")
        self.stave("compact", several)
        for program, one, other in zip(PROGRAMS, expected, self.answers(several)):
            self.assertEqual(one, other, program)

    def test_a_condition_splits_rows_three_ways(self):
        store = self.make("one.stave", [self.plays])
        sums = "summarize n = count(), s = sum(duration_sec), c = sum(completion_pct)"

        def figures(stage):
            header, rows = self.rows("query", store, f"from streams {stage} | {sums} | select "
                                     "n, s = coalesce(s, 0), c = coalesce((c * 100)::i64, 0)")
            self.assertEqual(["n", "s", "c"], header)
            return [int(cell) for cell in rows[0]]
        whole = figures("")
        for condition in CONDITIONS:
            parts = [figures(f"| where {test}") for test in
                     (condition, f"not ({condition})", f"({condition}) is null")]
            self.assertEqual(whole, [sum(column) for column in zip(*parts)], condition)


if __name__ == "__main__":
    unittest.main()
