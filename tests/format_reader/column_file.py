"""One column of one segment or dimension (format-spec/column-file.md)."""
import math
from dataclasses import dataclass

from .block import Block
from .byte_reader import ByteReader
from .errors import Damage, StoreError
from .code_filter import CodeFilter, filter_bytes
from .head import checksum, expect_checksum, expect_magic, expect_readable, expect_zeros

MAGIC, END_MAGIC = b"STAVECOL", b"COLSTAVE"
HEADER_BYTES, TRAILER_BYTES, BLOCK_ROWS = 32, 24, 16384
CODE_FILTER = 1  # a required feature
CHECKSUM_END = 16  # the checksum that names the file in a manifest begins so far from its end
PREDICTED, RANKED = 15, 16  # codecs of blocks that do not stand alone
KINDS = {1: "code", 2: "i64", 3: "i128", 4: "f64", 5: "string"}


@dataclass
class Entry:
    """What the directory says of a block."""
    offset: int
    size: int
    rows: int
    nulls: int
    range: object
    checksum: int
    compression: int
    codecs: list


def read_range(reader, kind):
    if kind == "f64":
        return reader.fixed("f64"), reader.fixed("f64")
    if kind not in ("code", "i64"):
        raise Damage(f"values of kind {kind} have no range")
    least = reader.signed()
    return least, least + reader.varint()


def read_entry(reader, kind, offset):
    size, rows, nulls, flags = reader.varint(), reader.varint(), reader.varint(), reader.fixed("u8")
    if flags > 1:
        raise Damage(f"a block has the flags {flags:#x}")
    return Entry(offset, size, rows, nulls, read_range(reader, kind) if flags else None, reader.fixed("u64"),
                 reader.fixed("u8"), list(reader.take(reader.count())))


class ColumnFile:
    """A whole file in memory: its kind, its rows and its blocks."""

    def __init__(self, data):
        self.data = data
        self.kind, self.has_filter = self.read_header()
        self.rows, self.entries, self.filter = self.read_footer()

    def read_header(self):
        reader = ByteReader(self.data[:HEADER_BYTES])
        expect_magic(reader.take(8), MAGIC)
        version, kind, reserved, features = reader.fixed("u16"), reader.fixed("u8"), reader.take(5), reader.fixed("u64")
        expect_checksum(reader.fixed("u64"), self.data[:24])
        expect_readable(version, features, CODE_FILTER)
        expect_zeros(reserved)
        if kind not in KINDS:
            raise Damage(f"it has values of the unknown kind {kind}")
        if features and KINDS[kind] != "code":
            raise Damage(f"it has a code filter of {KINDS[kind]}")
        return KINDS[kind], features == CODE_FILTER

    def read_footer(self):
        if len(self.data) < HEADER_BYTES + TRAILER_BYTES:
            raise Damage(f"it has {len(self.data)} bytes, less than header and trailer")
        trailer = ByteReader(self.data[-TRAILER_BYTES:])
        size, stored, magic = trailer.fixed("u64"), trailer.fixed("u64"), trailer.take(8)
        if magic != END_MAGIC:
            raise Damage(f"it ends with {bytes(magic)!r} instead of {END_MAGIC!r}")
        begin = len(self.data) - TRAILER_BYTES - size
        if begin < HEADER_BYTES:
            raise Damage(f"a footer of {size} bytes does not fit in {len(self.data)}")
        expect_checksum(stored, self.data[begin:len(self.data) - 16])
        reader = ByteReader(self.data[begin:len(self.data) - TRAILER_BYTES])
        rows, blocks = reader.varint(), reader.varint()
        if blocks != -(-rows // BLOCK_ROWS) or blocks > reader.left():
            raise Damage(f"{rows} rows in {blocks} blocks")
        entries, offset = [], HEADER_BYTES
        for index in range(blocks):
            entry = read_entry(reader, self.kind, offset)
            if entry.rows != min(BLOCK_ROWS, rows - index * BLOCK_ROWS) or entry.nulls > entry.rows:
                raise Damage(f"block {index} has {entry.rows} rows, {entry.nulls} of them null")
            entries.append(entry)
            offset += entry.size
        code_filter = None
        if self.has_filter:
            code_filter = CodeFilter(self.data[offset:begin], reader.varint(), blocks, reader.fixed("u64"))
            offset += filter_bytes(code_filter.buckets, blocks)
        reader.end()
        if offset != begin:
            raise Damage(f"the blocks end at byte {offset} and the footer begins at {begin}")
        if code_filter:
            code_filter.check()
        return rows, entries, code_filter

    def block(self, index, predictor=None):
        """Block `index`, which has to be what its entry says; `predictor` gives the prediction of a block."""
        entry = self.entries[index]
        try:
            data = self.data[entry.offset:entry.offset + entry.size]
            if checksum(data) != entry.checksum:
                raise Damage("its checksum is another one")
            needs_predictor = PREDICTED in entry.codecs or RANKED in entry.codecs
            prediction = predictor(index, entry.rows) if predictor and needs_predictor else None
            block = Block(data, self.kind, entry.rows, prediction)
            if (block.nulls, block.compression, block.codecs) != (entry.nulls, entry.compression, entry.codecs):
                raise Damage(f"nulls, compression and codecs are {block.nulls}, {block.compression}, {block.codecs}, "
                             f"and the directory says {entry.nulls}, {entry.compression}, {entry.codecs}")
            expect_range(entry.range, block.values, self.kind)
            if self.filter:
                self.filter.expect(index, block.values)
            return block
        except StoreError as fault:
            raise type(fault)(f"block {index} at byte {entry.offset}: {fault}") from fault

    def values(self, predictor=None):
        return [value for index in range(len(self.entries)) for value in self.block(index, predictor).values]


def expect_range(stored, values, kind):
    """The range of the directory is that of the values, and it is there where it should be."""
    there = [value for value in values if value is not None and not (kind == "code" and value == 0)]
    if kind in ("i128", "string") or not there or (kind == "f64" and any(map(math.isnan, there))):
        wanted = None
    else:
        wanted = (min(there), max(there))
    if stored != wanted:
        raise Damage(f"the values range over {wanted} and the directory says {stored}")
