"""plain-strings and front-coded (format-spec/codecs/plain-strings.md, front-coded.md)."""
from ..errors import Damage

MOST_BYTES = 1 << 30


def read_plain_strings(node):
    values = []
    for length in node.inside("code", node.count):
        values.append(bytes(node.body.take(length)))
    return values


def read_front_coded(node):
    prefixes = node.inside("code", node.count)
    rests = node.inside("code", node.count)
    total = sum(prefixes) + sum(rests)
    if total > min(1024 * sum(rests) + 65536, MOST_BYTES):
        raise Damage(f"front-coded strings before byte {node.body.place} have {total} bytes")
    values, before = [], b""
    for prefix, rest in zip(prefixes, rests):
        if prefix > len(before):
            raise Damage(f"a string before byte {node.body.place} shares {prefix} bytes with one of {len(before)}")
        before = before[:prefix] + bytes(node.body.take(rest))
        values.append(before)
    return values
