"""A segment of a key domain: codes and the values they stand for (format-spec/key-domain.md)."""
import struct
from dataclasses import dataclass

from .byte_reader import ByteReader
from .domain_index import read_index
from .errors import Damage
from .head import checksum, expect_checksum, expect_magic, expect_readable, expect_zeros

MAGIC = b"STAVEDOM"
FOOTER_BYTES, CHUNK = 72, 65536
CHECKSUM_END = FOOTER_BYTES - 8  # the checksum that names the file in a manifest begins so far from its end
INTEGERS, STRINGS = 1, 2


@dataclass
class Footer:
    """Bytes 32 to 71 of a footer."""
    kind: int
    index: int
    position_bits: int
    offset_bytes: int
    first: int
    count: int
    reserved: int
    slots: int
    minimum: int
    text_bytes: int

    def check(self):
        if self.kind not in (INTEGERS, STRINGS) or self.index not in (1, 2):
            raise Damage(f"it has the unknown kind {self.kind} or index {self.index}")
        if self.index == 2 and (self.kind != INTEGERS or self.position_bits):
            raise Damage("a direct index is of integers and has no position bits")
        if self.index == 1 and (self.position_bits > 32 or self.minimum or self.slots <= self.count):
            raise Damage(f"a hash index of {self.slots} slots with {self.position_bits} position bits for "
                         f"{self.count} values and the minimum {self.minimum}")
        if self.kind == INTEGERS and (self.offset_bytes or self.text_bytes):
            raise Damage("integers have no text")
        if self.kind == STRINGS and self.offset_bytes not in (4, 8):
            raise Damage(f"offsets have {self.offset_bytes} bytes")
        if not self.first or not self.count or self.reserved:
            raise Damage(f"first code {self.first}, count {self.count}, reserved {self.reserved}")


def read_footer(data):
    """The footer and where the chunk checksums begin, once every byte of the file has been tested."""
    if len(data) < FOOTER_BYTES:
        raise Damage(f"it has {len(data)} bytes, less than a footer")
    footer_at = len(data) - FOOTER_BYTES
    chunks = -(-footer_at // (CHUNK + 8))
    table_at = footer_at - 8 * chunks
    reader = ByteReader(data[footer_at:])
    expect_magic(reader.take(8), MAGIC)
    expect_checksum(reader.fixed("u64"), data[table_at:footer_at], data[footer_at + 16:])
    version = reader.fixed("u16")
    reserved = reader.take(6)
    expect_readable(version, reader.fixed("u64"))
    expect_zeros(reserved)
    for i in range(chunks):
        stored = struct.unpack_from("<Q", data, table_at + 8 * i)[0]
        if checksum(data[CHUNK * i:min(CHUNK * (i + 1), table_at)]) != stored:
            raise Damage(f"chunk {i}, which begins at byte {CHUNK * i}, does not have its checksum")
    footer = Footer(*(reader.fixed(kind) for kind in
                      ("u8", "u8", "u8", "u8", "u32", "u32", "u32", "u64", "i64", "u64")))
    footer.check()
    return footer, table_at


def take_part(reader, size):
    """A part and the zeros up to the next multiple of 8 bytes."""
    part = reader.take(size)
    expect_zeros(reader.take(-size % 8))
    return part


def read_strings(reader, footer):
    form = "<%dI" if footer.offset_bytes == 4 else "<%dQ"
    offsets = struct.unpack(form % (footer.count + 1), take_part(reader, footer.offset_bytes * (footer.count + 1)))
    if offsets[0] != 0 or offsets[-1] != footer.text_bytes or any(a > b for a, b in zip(offsets, offsets[1:])):
        raise Damage("the offsets do not cut the text into values")
    text = take_part(reader, footer.text_bytes)
    return [bytes(text[begin:end]) for begin, end in zip(offsets, offsets[1:])]


def read_domain_segment(data):
    """The kind, the first code and the values, integers or bytes, of a whole file."""
    footer, table_at = read_footer(data)
    reader = ByteReader(data[:table_at])
    expect_magic(reader.take(8), MAGIC)
    if footer.kind == STRINGS:
        values = read_strings(reader, footer)
    else:
        values = list(struct.unpack("<%dq" % footer.count, reader.take(8 * footer.count)))
    slots = take_part(reader, 4 * footer.slots)
    reader.end()
    read_index(struct.unpack("<%dI" % footer.slots, slots), footer, values)
    return footer.kind, footer.first, values
