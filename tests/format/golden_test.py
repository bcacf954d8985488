"""Stores that earlier versions wrote: both readers still give what was in them, and nothing is damaged."""
import shutil
import unittest

from format_reader.codecs import CODECS
from format_reader.csv_output import table_as_csv
from format_reader.store import Store
from format_reader.table import read_table
from golden import GOLDEN, Run, expectation, golden_stores
from golden_recipes import RECIPES
from stores import FormatTest, blocks_of


def domains_of(store):
    """What tells domains apart but for the names of their files."""
    return [(domain.name, domain.kind, [(file.size, file.checksum, count) for file, count in domain.segments])
            for domain in store.manifest.domains]


class GoldenStores(FormatTest):
    def copies(self):
        """(folder with what is expected, a copy of the store, since readers of a golden one must leave it alone)."""
        for folder in golden_stores():
            copy = self.folder / f"{folder.parent.name}-{folder.name}"
            shutil.copytree(folder / "store", copy)
            yield folder, copy

    def test_there_is_one_of_every_recipe(self):
        self.assertEqual(set(RECIPES), {folder.name for folder in golden_stores()})

    def test_their_blocks_are_of_every_codec(self):
        used = {codec for folder in golden_stores() for _, _, codecs in blocks_of(folder) for codec in codecs}
        self.assertEqual(set(CODECS), used)

    def test_both_readers_give_what_was_in_them(self):
        for folder, copy in self.copies():
            store = Store(copy)
            for table in store.manifest.tables:
                with self.subTest(f"{folder.relative_to(GOLDEN)}: {table.name}"):
                    suffix, printed = expectation(self.printed(copy, table.name))
                    self.assertEqual((folder / f"{table.name}{suffix}").read_bytes(), printed)
                    ours = expectation(b"".join(table_as_csv(store, table.name)))
                    self.assertEqual((suffix, printed), ours)

    def test_they_are_sound(self):
        for folder, copy in self.copies():
            self.stave("verify", copy)

    def test_they_can_be_written_on(self):
        """An import into a store of an earlier version keeps what was there."""
        for folder, copy in self.copies():
            before = Store(copy).manifest
            rows = {state.name: state.rows for state in before.states}
            plays = self.folder / f"{copy.name}.csv"
            plays.write_text("song_id,at\n1,2031-01-01\n")
            self.stave("import", copy, "things", plays)
            self.assertEqual(rows["things"] + 1, self.assert_agreement(copy)["things"])
            self.stave("verify", copy)

    def test_the_same_input_still_gives_the_same_codes(self):
        """Domains byte for byte, and the same rows; a later version may choose other codecs for them."""
        for name, recipe in RECIPES.items():
            golden, made = GOLDEN / "v1" / name / "store", self.folder / f"{name}.made"
            recipe(Run(made, self.folder))
            before, after = Store(golden), Store(made)
            self.assertEqual(domains_of(before), domains_of(after))
            for table in before.manifest.tables:
                self.assertEqual(read_table(before, table.name), read_table(after, table.name), table.name)


if __name__ == "__main__":
    unittest.main()
