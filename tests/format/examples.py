"""The worked examples of format-spec/: fenced blocks such as

    ```hex node code 3
    03 05 01 02   what the bytes are
    = 5 6 5
    ```

After the number of values of a node may stand what a predictor says of them: `guesses 5 6 5`, or `lists 7,9 7,9 -`.

`python3 examples.py FOLDER` writes the bytes of each to a file, for who needs files to begin from."""
import pathlib
import re
import sys
from dataclasses import dataclass

PAGES = pathlib.Path(__file__).parent.parent.parent / "format-spec"
FENCE = re.compile(r"^```hex (?P<what>[^\n]+)\n(?P<lines>.*?)^= (?P<result>[^\n]*)\n```$", re.MULTILINE | re.DOTALL)
HEX = re.compile(r"(?:[0-9A-F]{2} )*[0-9A-F]{2}(?=  |$)")


@dataclass
class Example:
    page: str
    what: list
    data: bytes
    result: str


def all_examples():
    for path in sorted(PAGES.rglob("*.md")):
        for fence in FENCE.finditer(path.read_text(encoding="utf-8")):
            data = b"".join(bytes.fromhex(HEX.match(line).group()) for line in fence["lines"].splitlines())
            yield Example(str(path.relative_to(PAGES)), fence["what"].split(), data, fence["result"])


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, example in enumerate(all_examples()):
        name = "-".join([example.page.removesuffix(".md").replace("/", "-"), *example.what, str(number)])
        (folder / name).write_bytes(example.data)


if __name__ == "__main__":
    main()
