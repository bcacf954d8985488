"""What a later version or an unknown feature gives: an error that names both versions and says what to do, from
`stave` and from the second reader (format-spec/versions.md)."""
import shutil
import unittest

import repair
from stores import FormatTest

LATER = 7


class LaterVersions(FormatTest):
    def setUp(self):
        super().setUp()
        self.store = self.folder / "plays.stave"
        self.stave("init", self.store)
        plays = self.folder / "plays.csv"
        plays.write_text("user_id,track_id,listen_time\n1,2,2025-05-01 10:00:00\n3,4,2025-05-02 11:00:00\n")
        self.stave("import", self.store, "streams", plays)

    def changes(self):
        """(name, function that changes the store) for the version and the features of each kind of file."""
        column, domain = repair.references(self.store)
        footer = domain.size - repair.DOMAIN_FOOTER
        for name, at, size, value in (("version", 16, 2, LATER), ("feature", 24, 8, 1 << 40)):
            yield f"manifest {name}", lambda store, at=at, value=value, size=size: repair.change_manifest(
                store, lambda data: repair.put(data, at, value, size))
            yield f"domain {name}", lambda store, at=at, value=value, size=size: repair.change_file(
                store, domain, lambda data: repair.put(data, footer + at, value, size), repair.repair_domain)
        for name, at, size, value in (("version", 8, 2, LATER), ("feature", 16, 8, 1 << 40)):
            yield f"column {name}", lambda store, at=at, value=value, size=size: repair.change_file(
                store, column, lambda data: repair.put(data, at, value, size), repair.repair_column_header)

    def assert_told(self, done, name, advice):
        message = done.stderr.decode()
        self.assertEqual(1, done.returncode, f"{name}: {message}")
        self.assertRegex(message, advice, name)
        versions = rf"version {LATER}\b.*\b1\b" if "version" in name else r"(0x10000000000|1099511627776).*"
        self.assertRegex(message, versions, name)
        self.assertIn("format version", message, name)

    def test_both_readers_name_the_versions_and_what_to_do(self):
        for name, change in self.changes():
            with self.subTest(name):
                store = self.folder / f"{name.replace(' ', '-')}.stave"
                shutil.copytree(self.store, store)
                change(store)
                asked = self.run_stave("query", store, "from streams", "--format", "csv")
                self.assert_told(asked, name, "Install a newer Stave|Read it with that version")
                self.assertEqual(b"", asked.stdout)
                self.assert_told(self.run_reader(store, "streams"), name, "Read it with a reader of that version")

    def test_a_later_manifest_is_not_passed_over_for_an_older_one(self):
        repair.change_manifest(self.store, lambda data: repair.put(data, 16, LATER, 2))
        plays = self.folder / "more.csv"
        plays.write_text("user_id,track_id,listen_time\n5,6,2025-05-03 10:00:00\n")
        for arguments in (("import", self.store, "streams", plays), ("describe", self.store), ("verify", self.store)):
            done = self.run_stave(*arguments)
            self.assertNotEqual(0, done.returncode, arguments)
            self.assertIn(f"format version {LATER}", done.stderr.decode(), arguments)

    def test_version_0_and_reserved_bytes_are_damage(self):
        for at, size, value in ((16, 2, 0), (18, 1, 1), (23, 1, 128)):
            store = self.folder / f"damaged-{at}.stave"
            shutil.copytree(self.store, store)
            repair.change_manifest(store, lambda data, at=at, size=size, value=value: repair.put(data, at, value, size))
            self.assertEqual(5, self.run_stave("query", store, "from streams").returncode)
            self.assertEqual(5, self.run_reader(store, "streams").returncode)


if __name__ == "__main__":
    unittest.main()
