"""plain, packed, delta and byte-planes: codecs that lay integers (or f64 patterns) side by side."""
import itertools
import struct

from ..errors import Damage
from .bit_packing import read_packed_bits

WIDTHS = {"code": 32, "i64": 64}


def wrap(value, kind):
    """Modulo 2^32 for codes; modulo 2^64, as a signed number, for i64."""
    if kind == "code":
        return value & 0xFFFFFFFF
    return (value + (1 << 63) & (1 << 64) - 1) - (1 << 63)


def read_first(node):
    """The integer that references and deltas begin with."""
    if node.kind == "i64":
        return node.body.signed()
    value = node.body.varint()
    if value >= 1 << 32:
        raise Damage(f"{value} before byte {node.body.place} is no code")
    return value


def read_frame(node):
    reference = read_first(node)
    divisor = node.body.varint() if node.kind == "i64" else 1
    if divisor == 0:
        raise Damage(f"the divisor before byte {node.body.place} is 0")
    return reference, divisor


def read_plain(node):
    if node.kind == "i128":
        data = node.body.take(16 * node.count)
        return [int.from_bytes(data[at:at + 16], "little", signed=True) for at in range(0, len(data), 16)]
    form, size = {"code": ("I", 4), "i64": ("q", 8), "f64": ("d", 8)}[node.kind]
    return list(struct.unpack(f"<{node.count}{form}", node.body.take(size * node.count)))


def read_packed(node):
    reference, divisor = read_frame(node)
    width = node.body.fixed("u8")
    if width > WIDTHS[node.kind]:
        raise Damage(f"the width {width} before byte {node.body.place} is too large")
    return [wrap(reference + q * divisor, node.kind) for q in read_packed_bits(node.body, node.count, width)]


def read_delta(node):
    first = read_first(node)
    differences = node.inside("i64", node.count - 1) if node.count > 1 else []
    return [wrap(value, node.kind) for value in itertools.accumulate([first, *differences])]


def read_byte_planes(node):
    reference, divisor = (0, 1) if node.kind == "f64" else read_frame(node)
    planes = node.body.fixed("u8")
    most = 4 if node.kind == "code" else 8
    if planes > most:
        raise Damage(f"{planes} byte planes before byte {node.body.place}, more than {most}")
    data = node.body.take(planes * node.count)
    words = bytearray(8 * node.count)
    for plane in range(planes):
        words[plane::8] = data[plane * node.count:(plane + 1) * node.count]
    if node.kind == "f64":
        return list(struct.unpack(f"<{node.count}d", words))
    return [wrap(reference + q * divisor, node.kind) for q in struct.unpack(f"<{node.count}Q", words)]
