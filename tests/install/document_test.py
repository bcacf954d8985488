"""The examples of docs/embedding.md are pieces of the programs in examples/, which the tests build and run."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = {"cpp": "cpp/plays.cc", "c": "c/plays.c", "cmake": "CMakeLists.txt", "python": "python/stave.py"}


def lines(text):
    return "\n".join(line.strip() for line in text.splitlines())


class Embedding(unittest.TestCase):
    def test_every_example_is_of_a_program(self):
        blocks = re.findall(r"^```(\w+)\n(.*?)^```", (ROOT / "docs/embedding.md").read_text(), re.M | re.S)
        self.assertGreater(len(blocks), 7)
        for language, block in blocks:
            if language == "sh":
                continue
            with self.subTest(block=block.splitlines()[0]):
                program = (ROOT / "examples" / PROGRAMS[language]).read_text()
                self.assertIn(lines(block), lines(program))

    def test_the_options_of_an_import_are_those_of_the_header(self):
        header = (ROOT / "include/stave/stave.h").read_text()
        part = header[header.index("Options, as those of `stave import`"):header.index("`report` gets")]
        source = (ROOT / "tools/embed/call_options.cc").read_text()
        known = re.findall(r'^ +\{"([a-z_]+)",?', source[source.index("import_setters()"):source.index("}  // namespace")], re.M)
        self.assertGreater(len(known), 20)
        for name in known:
            self.assertRegex(part, rf"\b{name}\b")


if __name__ == "__main__":
    unittest.main()
