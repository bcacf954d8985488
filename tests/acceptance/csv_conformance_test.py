"""CSV files that others wrote to test readers: each is read as the JSON beside it says, and those that are wrong are refused."""
import json
import unittest

from stave import SHARED, StaveTest

FOLDER = SHARED / "data/csv"


@unittest.skipUnless(FOLDER.is_dir(), "skipped: the shared CSV files are not beside the project")
class CsvConformance(StaveTest):
    def as_published(self, path):
        """Checked out with other line ends, a file of CRLF gets its own back."""
        content = path.read_bytes()
        if "crlf" not in path.stem or b"\r" in content:
            return path
        copy = self.folder / path.name
        copy.write_bytes(content.replace(b"\n", b"\r\n"))
        return copy

    def table_of(self, path, *options):
        """A new table of the file, as rows of text; null is the empty text, as in the JSON."""
        self.stave("import", self.store, path.stem.replace("-", "_"), path, "--create", *options)
        table = self.stave("query", self.store, f"from {path.stem.replace('-', '_')}", "--format", "jsonl")
        rows = [json.loads(line) for line in table.splitlines()]
        return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]

    def test_every_file_is_read_as_its_json_says(self):
        for path in sorted(FOLDER.glob("*/*.csv")):
            if path.name.startswith("bad-"):
                continue
            with self.subTest(path.name):
                self.store = self.folder / f"{path.parent.name}-{path.stem}.stave"
                self.stave("init", self.store)
                expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
                if expected and isinstance(expected[0], dict):
                    self.assertEqual(expected, self.table_of(self.as_published(path)))
                elif expected:
                    # Lists are of files that name no columns.
                    columns = ",".join(f"c{index}" for index in range(len(expected[0])))
                    rows = self.table_of(path, "--columns", columns)
                    self.assertEqual(expected, [list(row.values()) for row in rows])
                else:
                    self.assertEqual([], self.table_of(path))

    def test_wrong_files_are_refused_with_a_reason(self):
        schema = self.folder / "schema.toml"
        columns = ", ".join(f'{{ name = "{name}", type = "string" }}' for name in ("foo", "bar", "baz"))
        schema.write_text(f'name = "t"\n[[table]]\nname = "t"\nkind = "fact"\ncolumns = [{columns}]\n')
        self.store = self.folder / "t.stave"
        self.stave("init", self.store, "--schema", schema)
        wrong = sorted(FOLDER.glob("*/bad-*.csv"))
        self.assertTrue(wrong)
        for path in wrong:
            with self.subTest(path.name):
                done = self.run_stave("import", self.store, "t", path, "--extra", "error")
                self.assertNotEqual(0, done.returncode)
                self.assertIn(path.name, done.stderr)
        self.assertEqual(["0"], [row[0] for row in self.query("from t | summarize n = count()")])


if __name__ == "__main__":
    unittest.main()
