"""Damage: the second reader notices every changed byte, both readers find the same forged blocks sound, and what
checksums cannot tell (a sound file of another length in the place of one) is an error of `stave`, not a wrong answer."""
import random
import shutil
import unittest

import zstandard

import repair
from examples import all_examples
from format_reader.block import Block
from format_reader.byte_reader import ByteReader
from format_reader.column_file import KINDS
from format_reader.csv_output import table_as_csv
from format_reader.errors import Damage, StoreError
from format_reader.head import checksum
from format_reader.store import Store
from stores import FormatTest

FORGERIES = 600


def varint(value):
    data = bytearray()
    while value >= 0x80:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(data + bytes([value]))


def column_file_of(block, kind, rows):
    """A sound column file around the bytes of one block, whatever they are."""
    number = next(number for number, name in KINDS.items() if name == kind)
    header = b"STAVECOL" + bytes([1, 0, number]) + bytes(13)
    footer = b"".join([varint(rows), varint(1), varint(len(block)), varint(rows), varint(0), b"\0",
                       checksum(block).to_bytes(8, "little"), b"\0\0"])
    size = len(footer).to_bytes(8, "little")
    return b"".join([header, checksum(header).to_bytes(8, "little"), block, footer, size,
                     checksum(footer, size).to_bytes(8, "little"), b"COLSTAVE"])


def blocks_of_examples():
    for example in all_examples():
        if example.what[0] == "block":
            yield example.data, example.what[1], int(example.what[2])
        elif example.what[0] == "node" and len(example.what) == 3:
            yield b"\0\1\0" + example.data, example.what[1], int(example.what[2])


def forged(data, chance):
    """One to three bytes changed, taken out or put in."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data))
        what = chance.randrange(8)
        if what == 0 and len(data) > 1:
            del data[at]
        elif what == 1:
            data.insert(at, chance.randrange(256))
        elif what < 5:
            data[at] ^= 1 << chance.randrange(8)
        else:
            data[at] = chance.choice([0, 1, 2, 3, 5, 127, 128, 255])
    return bytes(data)


def is_sound(block, kind, rows):
    try:
        Block(block, kind, rows)
        return True
    except Damage:
        return False


class DamagedStores(FormatTest):
    def make_store(self):
        store = self.folder / "plays.stave"
        self.stave("init", store)
        for number, plays in enumerate(("1,2,2025-05-01 10:00:00\n3,4,2025-05-01 11:00:00\n5,6,2025-05-01 11:30:00\n",
                                        "7,2,2025-05-02 10:00:00\n8,2,2025-05-02 11:00:00\n")):
            path = self.folder / f"plays-{number}.csv"
            path.write_text("user_id,track_id,listen_time\n" + plays)
            self.stave("import", store, "streams", path)
        return store

    def read_all(self, folder):
        store = Store(folder)
        return [b"".join(table_as_csv(store, table.name)) for table in store.manifest.tables]

    def test_every_changed_byte_is_noticed(self):
        """Of all files that a reader of tables reads."""
        store = self.make_store()
        self.read_all(store)
        manifest = Store(store).manifest
        named = [file for domain in manifest.domains for file, _ in domain.segments]
        for state in manifest.states:
            named += [state.present, *state.columns, *(file for segment in state.segments for file in segment.columns)]
        files = [store / "STAVE", repair.last_manifest(store), *sorted({store / file.path for file in named if file})]
        self.assertGreater(len(files), 5)
        chance = random.Random(1)
        for path in files:
            sound = path.read_bytes()
            for at in range(0, len(sound), 1 if len(sound) < 300 else 13):
                data = bytearray(sound)
                data[at] ^= 1 << chance.randrange(8)
                path.write_bytes(data)
                with self.assertRaises(StoreError, msg=f"byte {at} of {path.name}"):
                    self.read_all(store)
            path.write_bytes(sound[:-1])
            with self.assertRaises(StoreError, msg=f"the last byte of {path.name} is gone"):
                self.read_all(store)
            path.unlink()
            with self.assertRaises(StoreError, msg=f"{path.name} is gone"):
                self.read_all(store)
            path.write_bytes(sound)

    def test_both_readers_find_the_same_forged_blocks_sound(self):
        chance = random.Random(2)
        seeds = list(blocks_of_examples())
        path = self.folder / "forged.col"
        sound = 0
        for _ in range(FORGERIES):
            data, kind, rows = chance.choice(seeds)
            block = forged(data, chance)
            path.write_bytes(column_file_of(block, kind, rows))
            said = self.stave("inspect", path).decode().splitlines()[-1]
            found = said.endswith(" ok")
            self.assertEqual(is_sound(block, kind, rows), found, f"{kind} {rows} {block.hex(' ')}: {said}")
            sound += found
        self.assertTrue(FORGERIES / 10 < sound < FORGERIES * 9 / 10, f"{sound} forgeries are sound")

    def test_a_block_is_one_frame(self):
        body = b"\1\0\1" + (1).to_bytes(8, "little") * 50
        pack = zstandard.ZstdCompressor().compress
        for frames, is_one in ((pack(body), True), (pack(body[:100]) + pack(body[100:]), False),
                               (pack(body) + b"\x50\x2a\x4d\x18\0\0\0\0", False)):
            block = b"\2" + varint(len(body)) + frames
            path = self.folder / "frames.col"
            path.write_bytes(column_file_of(block, "i64", 50))
            said = self.stave("inspect", path).decode().splitlines()[-1]
            self.assertEqual((is_one, is_one), (said.endswith(" ok"), is_sound(block, "i64", 50)), said)

    def test_files_of_another_length(self):
        """A column of three rows in the place of one of two, and the other way round, named by the manifest."""
        store = self.make_store()
        segments = next(state.segments for state in Store(store).manifest.states if state.name == "streams")
        for target, source in ((segments[0], segments[1]), (segments[1], segments[0])):
            copy = self.folder / "copy.stave"
            shutil.copytree(store, copy)
            # The last of its pack, so that nothing else moves.
            wrong, right = [pair for pair in zip(target.columns, source.columns) if all(pair)][-1]
            pack = (store / wrong.path).read_bytes()
            self.assertEqual(wrong.offset + wrong.size, len(pack))
            data = (store / right.path).read_bytes()[right.offset:right.offset + right.size]
            pack = pack[:wrong.offset] + data
            (copy / wrong.path).write_bytes(pack)

            def name_it(manifest, wrong=wrong, right=right, data=data, pack=pack):
                for old, size, stated in ((wrong, len(data), right.checksum),
                                          (wrong.pack, len(pack), checksum(pack))):
                    at = manifest.index(old.checksum.to_bytes(8, "little"))
                    begin = at - len(varint(old.size))
                    self.assertEqual(old.size, ByteReader(manifest, begin).varint())
                    manifest[begin:at] = varint(size)
                    repair.put(manifest, begin + len(varint(size)), stated, 8)

            repair.change_manifest(copy, name_it)
            asked = self.run_stave("query", copy, "from streams", "--format", "csv")
            self.assertEqual((5, b""), (asked.returncode, asked.stdout), asked.stderr)
            self.assertEqual(5, self.run_stave("verify", copy).returncode)
            self.assertEqual(5, self.run_reader(copy, "streams").returncode)
            shutil.rmtree(copy)


if __name__ == "__main__":
    unittest.main()
