"""The reader that was written from the specification agrees with `stave` on stores of every shape."""
import unittest

from format_reader.codecs import CODECS
from samples import EDGES, HEADER, SCHEMA, plays, shapes, songs
from stores import FormatTest, blocks_of

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
                self.assertEqual(12, self.assert_agreement(store)["things"])
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
        self.assertEqual((14, 4), (rows["things"], rows["songs"]))

    def test_keys_of_several_columns_with_nulls_and_defaults(self):
        store = self.make_store("UTC")
        self.load(store, "fees", "song_id,country,valid_from,fee\n1,DE,2025-01-01,0.0035\n1,,,0.004\n1,,2025-02-01,\n"
                                 "2,DE,,99999999999999.9999\n")
        self.load(store, "fees", "song_id,country,valid_from,fee\n1,,,-1\n3,SE,2024-12-31,1\n")
        self.load(store, "fees", "song_id,country,valid_from\n4,SE,2024-12-31\n")
        self.assertEqual(6, self.assert_agreement(store)["fees"])

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
        self.assertEqual(14, self.assert_agreement(store)["things"])

    def test_blocks_of_every_codec(self):
        """Shapes that the codecs are for, in the sizes where blocks end."""
        used = self.codecs_of_plays()
        for rows in (16384, 40000):
            store = self.make_store("UTC")
            self.load(store, "things", HEADER + "".join(shapes(rows)))
            self.assertEqual(rows, self.assert_agreement(store)["things"])
            for _, _, codecs in blocks_of(store):
                used.update(codecs)
            store.rename(self.folder / f"{rows}.stave")
        # Which one is best for a shape may change; the golden stores have blocks of every codec.
        self.assertGreaterEqual(len(used), len(CODECS) - 4, set(CODECS) - used)

    def codecs_of_plays(self):
        """Of a store whose columns are predicted and ranked, in part by what an earlier load learned."""
        store = self.make_store("UTC")
        self.load(store, "songs", songs(600))
        for number, (rows, day) in enumerate(((20000, "2025-01-01"), (17000, "2025-01-02"), (500, "2025-01-01"))):
            self.load(store, "things", HEADER + "".join(plays(rows, day, number)))
        self.load(store, "songs", "song_id,genre\n8,genre 1\n599,new\n")
        self.assertEqual(37500, self.assert_agreement(store)["things"])
        store.rename(self.folder / "plays.stave")
        return {codec for _, _, codecs in blocks_of(self.folder / "plays.stave") for codec in codecs}


if __name__ == "__main__":
    unittest.main()
