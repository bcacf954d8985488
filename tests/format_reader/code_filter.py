"""Which blocks of a column file may hold a code (format-spec/code-filter.md)."""
from .byte_reader import ByteReader
from .errors import Damage
from .head import checksum, expect_checksum

MOST_BUCKETS, BUCKET_BYTES, BITS = 96, 64, (1 << 64) - 1


def filter_bytes(buckets, blocks):
    return buckets * (blocks * BUCKET_BYTES + 8)


def bits_of(code, buckets):
    """The bucket of a code, and its two bits there."""
    mixed = code * 0x9E3779B97F4A7C15 & BITS
    mixed ^= mixed >> 32
    mixed = mixed * 0xD6E8FEB86659FD93 & BITS
    mixed ^= mixed >> 32
    return ((mixed >> 32) * MOST_BUCKETS >> 32) % buckets, (mixed % 512, (mixed >> 9) % 512)


class CodeFilter:
    """The bytes between blocks and footer, and what the footer says of them."""

    def __init__(self, data, buckets, blocks, stored):
        if buckets and MOST_BUCKETS % buckets:
            raise Damage(f"a code filter has {buckets} buckets")
        self.data, self.buckets, self.blocks, self.stored = data, buckets, blocks, stored

    def row_bytes(self):
        return self.blocks * BUCKET_BYTES + 8

    def check(self):
        expect_checksum(self.stored, self.data)
        for begin in range(0, len(self.data), self.row_bytes()):
            row = self.data[begin:begin + self.row_bytes()]
            if ByteReader(row[-8:]).fixed("u64") != checksum(row[:-8]):
                raise Damage(f"a row of the code filter, at its byte {begin}, fails its checksum")

    def expect(self, block, codes):
        """The codes of a block have their bits set."""
        if not self.buckets:
            return
        for code in {code or 0 for code in codes}:
            bucket, bits = bits_of(code, self.buckets)
            begin = bucket * self.row_bytes() + block * BUCKET_BYTES
            if not all(self.data[begin + bit // 8] >> bit % 8 & 1 for bit in bits):
                raise Damage(f"the code filter rules out code {code}, which the block holds")
