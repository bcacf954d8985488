"""The reader that was written from the specification agrees with `stave` on stores of every shape."""
import random
import unittest

from format_reader.codecs import CODECS
from stores import FormatTest, blocks_of

SCHEMA = """name = "every_type"
[[table]]
name = "things"
kind = "fact"
time = "at"
cluster = "song.genre"
columns = [
  { name = "song_id", type = "key", domain = "songs" },
  { name = "at", type = "timestamp" },
  { name = "day_of", type = "date" },
  { name = "number", type = "i64" },
  { name = "price", type = "decimal(9,2)" },
  { name = "huge", type = "decimal(38,4)" },
  { name = "share", type = "f64" },
  { name = "liked", type = "bool" },
  { name = "note", type = "string" },
  { name = "tag", type = "string", domain = "tags" },
  { name = "shop", type = "i64", domain = "shops" },
]
relations = [{ name = "song", column = "song_id", table = "songs" }]

[[table]]
name = "songs"
kind = "dimension"
key = ["song_id"]
columns = [
  { name = "song_id", type = "key", domain = "songs" },
  { name = "title", type = "string" },
  { name = "genre", type = "string", domain = "genres" },
]

[[table]]
name = "fees"
kind = "dimension"
key = ["song_id", "country", "valid_from"]
columns = [
  { name = "song_id", type = "key", domain = "songs" },
  { name = "country", type = "string", domain = "countries", null_in_key = true },
  { name = "valid_from", type = "date", default = 1970-01-01 },
  { name = "fee", type = "decimal(18,4)" },
]
"""

HEADER = "song_id,at,day_of,number,price,huge,share,liked,note,tag,shop\n"

# Values at the ends of their ranges, text that CSV has to quote, and rows without a time.
EDGES = HEADER + """1,2025-01-01T10:00:00Z,2025-01-01,-5,1.50,-1234567890123456789012345678901234.5678,2.5,true,"a,""b
c",rock,9
2,,1969-12-31,9223372036854775807,-0.01,9999999999999999999999999999999999.9999,-0,false,,jazz,-8
3,2025-01-01T10:00:00.123456Z,,,,-9999999999999999999999999999999999.9999,1.7976931348623157e308,,ünï€ 𝄞,,
1,1900-03-04 05:06:07,0001-01-01,-9223372036854775808,0,0,-5e-324,true," blanks ",pop,9223372036854775807
2,2025-07-01T10:00:00Z,9999-12-31,0,-9999999.99,-0.0001,0.1,,"é",jazz,-9223372036854775808
2,2025-07-01T10:00:00Z,2000-02-29,1,100,1,1e22,,x	y,jazz,8
2,2025-07-01T10:00:00Z,2000-02-29,1,100,1,123456789012345680,,"#x",jazz,8
2,2025-07-01T10:00:00Z,2000-02-29,1,100,1,12345678901234567890,,=x,jazz,8
2,2025-07-01T10:00:00Z,2000-02-29,1,100,1,1.5e-7,,NULL,jazz,8
2,2024-10-27T00:30:00Z,2000-02-29,1,100,1,0.0001,,"",jazz,8
2,2024-10-27T01:30:00Z,2000-02-29,1,100,1,100000,,"cr\rlf",jazz,8
"""


def shapes(rows):
    """Lines of CSV whose columns have shapes that the codecs are for; another one after row 20,000."""
    chance = random.Random(5)
    for i in range(rows):
        late = i >= 20000
        yield ",".join(map(str, (
            chance.randrange(3000),
            f"2025-01-01T10:00:00.{i:06}Z",
            "" if i % 3 else "2025-01-01",
            i * i if i % 1000 else -2**62,
            f"{chance.randrange(100)}.{i % 100:02}",
            f"{chance.randrange(-10**33, 10**33) if late else chance.choice([0, 5, -7])}.5",
            chance.randrange(1000) / 8 if late else repr(chance.random()) if chance.randrange(300) == 0 else 2.5,
            "yes" if i < 9000 else "no",
            chance.randbytes(5).hex() if late else f"https://example.org/{i // 7:06}/{chance.randrange(9)}",
            f"tag{chance.randrange(70)}" if chance.randrange(300) == 0 else "usual",
            i // 4))) + "\n"


class Agreement(FormatTest):
    def make_store(self, zone):
        (self.folder / "schema.toml").write_text(SCHEMA)
        store = self.folder / "every.stave"
        self.stave("init", store, "--schema", "schema.toml", "--timezone", zone)
        return store

    def load(self, store, table, text, *options):
        path = self.folder / f"{table}-{len(list(self.folder.iterdir()))}.csv"
        path.write_text(text, encoding="utf-8", newline="")
        self.stave("import", store, table, path, *options)

    def test_worlds_of_the_generator(self):
        for seed, days in ((1, 3), (2, 20)):
            dumps, store = self.folder / f"dumps{seed}", self.folder / f"world{seed}.stave"
            self.stave("gen", dumps, "--streams", 20000 * seed, "--tracks", 700, "--users", 900, "--days", days,
                       "--seed", seed)
            self.stave("init", store)
            for path in sorted(dumps.glob("*.csv")):
                self.stave("import", store, path.stem, path)
            self.assertEqual(20000 * seed, self.assert_agreement(store)["streams"])

    def test_values_of_every_type_in_several_zones(self):
        for zone in ("UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"):
            with self.subTest(zone):
                store = self.make_store(zone)
                self.load(store, "things", EDGES)
                self.assertEqual(11, self.assert_agreement(store)["things"])
                store.rename(store.with_suffix(f".{zone.replace('/', '-')}"))

    def test_a_store_without_rows(self):
        self.assertEqual({"things": 0, "songs": 0, "fees": 0}, self.assert_agreement(self.make_store("UTC")))

    def test_plays_before_the_catalogue_two_loads_of_a_day_and_a_changed_genre(self):
        store = self.make_store("Europe/Berlin")
        self.load(store, "things", EDGES)
        self.load(store, "things", HEADER + "4,2025-07-01T11:00:00Z,,,,,,,,,\n2,2025-07-01T09:00:00Z,,,,,,,,,\n")
        self.load(store, "songs", "song_id,title,genre\n2,,jazz\n9,\"two\nlines\",\n1,One,rock\n")
        self.assert_agreement(store)
        self.load(store, "songs", "song_id,genre\n2,rock\n4,folk\n")
        rows = self.assert_agreement(store)
        self.assertEqual((13, 4), (rows["things"], rows["songs"]))

    def test_keys_of_several_columns_with_nulls_and_defaults(self):
        store = self.make_store("UTC")
        self.load(store, "fees", "song_id,country,valid_from,fee\n1,DE,2025-01-01,0.0035\n1,,,0.004\n1,,2025-02-01,\n"
                                 "2,DE,,99999999999999.9999\n")
        self.load(store, "fees", "song_id,country,valid_from,fee\n1,,,-1\n3,SE,2024-12-31,1\n")
        self.assertEqual(5, self.assert_agreement(store)["fees"])

    def test_keys_that_turn_into_text(self):
        store = self.make_store("UTC")
        self.load(store, "things", HEADER + "1,2025-01-01,,,,,,,,,\n007,2025-01-01,,,,,,,,,\nlong" + "g" * 70000 +
                  ",2025-01-02,,,,,,,,,\n")
        self.load(store, "songs", "song_id,title,genre\n007,Bond,\"\"\n")
        self.assertEqual(3, self.assert_agreement(store)["things"])

    def test_columns_that_a_later_file_adds(self):
        store = self.make_store("UTC")
        self.load(store, "things", EDGES)
        self.load(store, "songs", "song_id,title,genre\n1,One,rock\n")
        self.load(store, "things", "song_id,at,mood,factor\n1,2025-01-01,good,1.25\n2,2025-03-01,bad,2.5\n")
        self.load(store, "songs", "song_id,bpm\n1,120\n2,90\n")
        self.assertEqual(13, self.assert_agreement(store)["things"])

    def test_blocks_of_every_codec(self):
        """Shapes that the codecs are for, in the sizes where blocks end."""
        used = set()
        for rows in (16384, 40000):
            store = self.make_store("UTC")
            self.load(store, "things", HEADER + "".join(shapes(rows)))
            self.assertEqual(rows, self.assert_agreement(store)["things"])
            for _, _, codecs in blocks_of(store):
                used.update(codecs)
            store.rename(self.folder / f"{rows}.stave")
        self.assertEqual(set(CODECS), used, "a codec that no block of these stores has")


if __name__ == "__main__":
    unittest.main()
