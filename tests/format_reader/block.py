"""A block: compression, nulls and values (format-spec/block.md)."""
import lz4.block
import zstandard

from .byte_reader import ByteReader
from .errors import Damage
from .node import Tree

NONE, LZ4, ZSTANDARD = 0, 1, 2
MOST_BODY_BYTES = 2113929216
MOST_ROWS = 16384


def decompress(method, packed, size):
    try:
        if method == LZ4:
            body = lz4.block.decompress(packed, uncompressed_size=size)
        else:
            frame = zstandard.ZstdDecompressor().decompressobj()
            body = frame.decompress(packed)
            if frame.unused_data:
                raise Damage("bytes follow the Zstandard frame")
    except (lz4.block.LZ4BlockError, zstandard.ZstdError) as fault:
        raise Damage(f"the body cannot be decompressed: {fault}") from fault
    if len(body) != size:
        raise Damage(f"the body has {len(body)} bytes and should have {size}")
    return body


def body_of(data):
    """The compression and the body."""
    reader = ByteReader(data)
    method = reader.fixed("u8")
    if method == NONE:
        return method, reader
    if method not in (LZ4, ZSTANDARD):
        raise Damage(f"it has the unknown compression {method}")
    size = reader.varint()
    if size > 1024 * reader.left() + 65536 or size > MOST_BODY_BYTES:
        raise Damage(f"a body of {size} bytes cannot come from {reader.left()}")
    return method, ByteReader(decompress(method, bytes(reader.take(reader.left())), size))


class Block:
    """The values of a block, None where a row is null (0 for codes), and how they were written."""

    def __init__(self, data, kind, rows, prediction=None):
        if rows > MOST_ROWS:
            raise Damage(f"it has {rows} rows, more than {MOST_ROWS}")
        if rows == 0 and bytes(data) != b"\0":
            raise Damage("a block of no rows is a single byte 0")
        self.compression, body = body_of(data)
        tree = Tree(body, prediction)
        self.codecs = tree.codecs
        nulls = tree.row_set(rows, 0) if rows else []
        if prediction and nulls:
            tree.prediction = prediction.without(nulls)
        if nulls and kind == "code":
            raise Damage("a block of codes has a row set of nulls")
        present = tree.node(kind, rows - len(nulls)) if len(nulls) < rows else []
        body.end()
        self.values = spread(present, nulls, rows)
        self.nulls = present.count(0) if kind == "code" else len(nulls)


def spread(present, nulls, rows):
    """The values at the rows that are not null."""
    if not nulls:
        return present
    absent, left = set(nulls), iter(present)
    return [None if row in absent else next(left) for row in range(rows)]
