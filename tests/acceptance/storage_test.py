"""`stave describe --storage`: the parts add up to the files, the figures to the bytes, and numbers stand to the right."""
import re
import unittest

from stave import StaveTest


class Storage(StaveTest):
    def setUp(self):
        super().setUp()
        self.stave("gen", "dumps", "--streams", 30_000, "--tracks", 500, "--users", 1000, "--days", 3)
        for table in ["tracks", "users", "streams"]:
            self.stave("import", self.store, table, f"dumps/{table}.csv")

    def parts(self, *arguments):
        header, rows = self.rows("describe", self.store, *arguments, "--storage")
        return [dict(zip(header, row)) for row in rows]

    def test_the_parts_add_up_to_all(self):
        parts = self.parts()
        whole = int(next(part["bytes"] for part in parts if part["part"] == "all"))
        self.assertEqual(whole, sum(int(part["bytes"]) for part in parts if part["part"] in ("table", "domain", "manifest")))
        for table in ["streams", "tracks", "users"]:
            of_table = [part for part in parts if part["table"] == table]
            total = int(next(part["bytes"] for part in of_table if part["part"] == "table"))
            self.assertEqual(total, sum(int(part["bytes"]) for part in of_table if part["part"] in ("column", "shared")))

    def test_bytes_are_those_of_the_files(self):
        for part in self.parts("streams"):
            if part["part"] == "column":
                places = self.column_places(part["name"])
                self.assertEqual(sum(size for _, _, size in places), int(part["bytes"]), part["name"])

    def test_figures_follow_from_rows_and_bytes(self):
        columns = {part["name"]: part for part in self.parts("streams") if part["part"] == "column"}
        self.assertEqual({"user_id", "track_id", "listen_time", "duration_sec", "completion_pct", "platform",
                          "country_code"}, set(columns))
        for name, width in [("user_id", 4), ("country_code", 4), ("listen_time", 8), ("completion_pct", 8)]:
            part = columns[name]
            self.assertEqual(30_000, int(part["rows"]))
            self.assertAlmostEqual(int(part["bytes"]) * 8 / 30_000, float(part["bits_per_row"]), delta=0.001)
            self.assertAlmostEqual(int(part["bytes"]) / (30_000 * width), float(part["of_plain"]), delta=0.001)
            shares = [int(share) for share in re.findall(r" (\d+)%", part["codecs"])]
            self.assertAlmostEqual(100, sum(shares), delta=len(shares))
            self.assertEqual(sorted(shares, reverse=True), shares)

    def test_a_column_of_strings_has_no_plain_width(self):
        names = {part["name"]: part for part in self.parts("tracks")}
        self.assertEqual("", names["track_name"]["of_plain"])
        self.assertEqual("500", names["track_name"]["rows"])

    def test_domains_count_their_values(self):
        domains = {part["name"]: part for part in self.parts() if part["part"] == "domain"}
        self.assertEqual("500", domains["tracks"]["rows"])
        self.assertEqual("1000", domains["users"]["rows"])

    def test_numbers_stand_to_the_right(self):
        lines = self.stave("describe", self.store, "--storage").splitlines()
        header = next(line for line in lines if line.startswith("part"))
        end = header.index("bytes") + len("bytes")
        rows = [line for line in lines if line.startswith(("column", "table", "domain", "manifest", "all"))]
        self.assertGreater(len(rows), 20)
        for line in rows:
            self.assertRegex(line[:end], r"\d$")
            self.assertFalse(line[end:end + 1].isdigit(), line)


if __name__ == "__main__":
    unittest.main()
