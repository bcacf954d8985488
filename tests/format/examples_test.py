"""The examples of format-spec/ are what the pages say. tests/storage/format_examples_test.cc reads the same ones in C++."""
import re
import unittest

from examples import PAGES, all_examples
from format_reader.block import Block
from format_reader.byte_reader import ByteReader
from format_reader.codecs import CODECS
from format_reader.codecs.bit_packing import read_packed_bits
from format_reader.column_file import ColumnFile
from format_reader.domain import read_domain_segment
from format_reader.manifest import read_manifest
from format_reader.node import Tree
from format_reader.predictor import Prediction
from format_reader.values import f64_text


def text_of(value):
    if value is None:
        return "null"
    if isinstance(value, bytes):
        return f'"{value.decode()}"'
    return f64_text(value) if isinstance(value, float) else str(value)


def joined(values):
    return " ".join(map(text_of, values))


def prediction_of(example):
    """What a predictor says of the values, where the example is of one."""
    said = example.what[4:]
    if not said:
        return None
    if example.what[3] == "guesses":
        return Prediction("predicted", [int(guess) for guess in said])
    return Prediction("ranked", [[int(code) for code in codes.split(",")] if codes != "-" else [] for codes in said])


def decoded(example):
    what, data = example.what[0], example.data
    if what == "block":
        return joined(Block(data, example.what[1], int(example.what[2])).values)
    if what == "node":
        body = ByteReader(data)
        values = Tree(body, prediction_of(example)).node(example.what[1], int(example.what[2]))
        body.end()
        return joined(values)
    if what == "bits":
        body = ByteReader(data)
        values = read_packed_bits(body, int(example.what[2]), int(example.what[1]))
        body.end()
        return joined(values)
    if what == "column":
        column = ColumnFile(data)
        return f"{column.kind}: {joined(column.values())}"
    if what == "domain":
        _, first, values = read_domain_segment(data)
        return f"{first}: {joined(values)}"
    manifest = read_manifest(data, int(example.result.split(":")[0].removeprefix("snapshot ")))
    return f"snapshot {manifest.snapshot}: " + " ".join(f"{state.name} {state.rows}" for state in manifest.states)


class Examples(unittest.TestCase):
    def test_they_give_what_the_pages_say(self):
        for example in all_examples():
            with self.subTest(f"{example.page}: {' '.join(example.what)}"):
                self.assertEqual(example.result, decoded(example))

    def test_every_fence_of_hex_is_an_example(self):
        fences = sum(path.read_text().count("```hex") for path in PAGES.rglob("*.md"))
        self.assertEqual(fences, len(list(all_examples())))

    def test_the_table_of_codecs_is_that_of_the_reader(self):
        row = re.compile(r"^\| ([0-9]+) \| \[([a-z-]+)\]\([a-z-]+\.md\) \| ([a-z0-9, ]+) \|", re.MULTILINE)
        table = {int(number): (name, set(kinds.split(", ")))
                 for number, name, kinds in row.findall((PAGES / "codecs" / "README.md").read_text())}
        everything = {"code", "i64", "i128", "f64", "string"}
        self.assertEqual({number: (codec.name, set(codec.kinds)) for number, codec in CODECS.items()},
                         {number: (name, everything if kinds == {"all"} else kinds)
                          for number, (name, kinds) in table.items()})

    def test_every_codec_and_every_kind_of_file_has_one(self):
        pages = {example.page for example in all_examples()}
        for codec in CODECS.values():
            self.assertIn(f"codecs/{codec.name}.md", pages)
        for page in ("block.md", "column-file.md", "key-domain.md", "manifest.md"):
            self.assertIn(page, pages)

    def test_the_files_of_the_examples_belong_together(self):
        """The manifest's one file is the example of column-file.md."""
        by_page = {example.page: example for example in all_examples()}
        manifest = read_manifest(by_page["manifest.md"].data, 2)
        column = by_page["column-file.md"].data
        reference = manifest.states[0].segments[0].columns[0]
        self.assertEqual((len(column), int.from_bytes(column[-16:-8], "little")), (reference.size, reference.checksum))


if __name__ == "__main__":
    unittest.main()
