"""Bytes of a file taken from front to back (format-spec/README.md, conventions).

Nothing is taken that is not there, and no length is believed before it was compared with what is left."""
import struct

from .errors import Damage

FIXED = {"u8": "<B", "u16": "<H", "u32": "<I", "u64": "<Q", "i32": "<i", "i64": "<q", "f64": "<d"}


class ByteReader:
    """A place in some bytes."""

    def __init__(self, data, place=0):
        self.data = data
        self.place = place

    def left(self):
        return len(self.data) - self.place

    def take(self, size):
        if size > self.left():
            raise Damage(f"{size} bytes are wanted at byte {self.place} and {self.left()} are left")
        self.place += size
        return self.data[self.place - size:self.place]

    def fixed(self, kind):
        """An integer or f64 of fixed width, such as "u16"."""
        form = FIXED[kind]
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def varint(self):
        start, value, shift = self.place, 0, 0
        while True:
            byte = self.fixed("u8")
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift >= 70:
                raise Damage(f"the varint at byte {start} has more than 10 bytes")
        if value >= 1 << 64:
            raise Damage(f"the varint at byte {start} has more than 64 bits")
        if byte == 0 and shift > 7:
            raise Damage(f"the varint at byte {start} is not in its shortest form")
        return value

    def signed(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def string(self):
        """A length and so many bytes."""
        return self.take(self.varint())

    def text(self):
        start = self.place
        try:
            return self.string().decode("utf-8")
        except UnicodeDecodeError as fault:
            raise Damage(f"the text at byte {start} is not UTF-8: {fault}") from fault

    def count(self):
        """How many of something follow: never more than there are bytes left."""
        value = self.varint()
        if value > self.left():
            raise Damage(f"a count of {value} before byte {self.place} exceeds the {self.left()} bytes left")
        return value

    def counted(self, read_one):
        return [read_one(self) for _ in range(self.count())]

    def end(self):
        if self.left():
            raise Damage(f"{self.left()} bytes are left over at byte {self.place}")
