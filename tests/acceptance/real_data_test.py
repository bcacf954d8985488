"""The reports over the real music data, against the expected file and against a plain recomputation."""
import collections
import csv
import unittest
from decimal import ROUND_HALF_UP, Decimal

from stave import SHARED, StaveTest, needs_shared_data

MUSIC = SHARED / "data/music"


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def rounded(text, digits):
    return Decimal(text).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@needs_shared_data
class RealData(StaveTest):
    def import_all(self, order):
        files = {"tracks": ["songs.csv"], "users": ["users.csv"],
                 "streams": ["streams1.csv", "streams2.csv", "streams3.csv"]}
        for table in order:
            self.stave("import", self.store, table, *[MUSIC / name for name in files[table]])

    def check_daily_genre(self):
        header, rows = self.report("kpi.daily_genre")
        expected = read(SHARED / "data/expected/daily_genre.csv")
        self.assertEqual(list(expected[0]), header[:9])
        self.assertEqual(len(expected), len(rows))
        digits = {"avg_listening_ms_per_user": 2, "avg_track_duration_sec": 3, "popularity_index": 4, "play_share": 6}
        for want, got in zip(expected, rows):
            got = dict(zip(header, got))
            for name, value in want.items():
                if name in digits:
                    self.assertEqual(Decimal(value), rounded(got[name], digits[name]), (want["genre"], name))
                else:
                    self.assertEqual(value, got[name])

    def test_daily_genre_equals_the_expected_file(self):
        self.import_all(["tracks", "users", "streams"])
        self.check_daily_genre()

    def test_importing_plays_before_tracks_gives_the_same(self):
        self.import_all(["streams", "users", "tracks"])
        self.check_daily_genre()

    def test_top_tracks_top_genres_and_hours_equal_a_plain_recomputation(self):
        self.import_all(["users", "streams", "tracks"])
        tracks = {}
        for row in read(MUSIC / "songs.csv"):
            tracks.setdefault(row["track_id"], row)
        plays = [row for number in "123" for row in read(MUSIC / f"streams{number}.csv")]

        per_track = collections.Counter()
        per_genre = collections.Counter()
        hours = collections.defaultdict(list)
        for play in plays:
            day, hour = play["listen_time"][:10], play["listen_time"][11:13]
            genre = tracks[play["track_id"]]["track_genre"]
            per_track[day, genre, play["track_id"]] += 1
            per_genre[day, genre] += 1
            hours[day, hour].append(play)

        name = {track: row["track_name"] for track, row in tracks.items()}
        groups = collections.defaultdict(list)
        for (day, genre, track), count in per_track.items():
            groups[day, genre].append((-count, name[track].encode(), track.encode()))
        expected = [[day, genre, str(rank), track.decode(), title.decode(), str(-count)]
                    for (day, genre), songs in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1].encode()))
                    for rank, (count, title, track) in enumerate(sorted(songs)[:3], 1)]
        self.assertEqual(339, len(expected))
        self.assertEqual(expected, [row[:6] for row in self.report("kpi.top_tracks")[1]])

        days = sorted({day for day, _ in per_genre})
        expected = [[day, str(rank), genre.decode(), str(-count)] for day in days for rank, (count, genre) in enumerate(
            sorted((-count, genre.encode()) for (d, genre), count in per_genre.items() if d == day)[:5], 1)]
        self.assertEqual(expected, [row[:4] for row in self.report("kpi.top_genres")[1]])

        def hour_row(label, part):
            artists = collections.Counter(tracks[play["track_id"]]["artists"] for play in part)
            top = min((-count, artist.encode()) for artist, count in artists.items() if artist)[1].decode()
            listeners = len({play["user_id"] for play in part})
            distinct = len({play["track_id"] for play in part})
            return [label, str(len(part)), str(listeners), str(distinct), repr(distinct / len(part)), top]

        for report, label in (("kpi.hourly", lambda d, h: f"{d} {h}:00:00"), ("kpi.hour_of_day", lambda d, h: str(int(h)))):
            expected = [hour_row(label(day, hour), part) for (day, hour), part in sorted(hours.items())]
            self.assertEqual(expected, [row[:6] for row in self.report(report)[1]])


if __name__ == "__main__":
    unittest.main()
