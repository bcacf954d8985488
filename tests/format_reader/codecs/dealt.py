"""Codecs that deal rows to two nodes, and one for values that rise (format-spec/codecs/{split,repeats,ascents}.md)."""
from ..errors import Damage
from .integers import wrap


def read_split(node):
    side = set(node.row_set())
    if not 0 < len(side) < node.count:
        raise Damage("a split has values on one side only")
    first = iter(node.inside(node.kind, node.count - len(side)))
    second = iter(node.inside(node.kind, len(side)))
    return [next(second if row in side else first) for row in range(node.count)]


def read_repeats(node):
    repeated = set(node.row_set())
    if len(repeated) == node.count:
        raise Damage("every row repeats another")
    news = iter(node.inside("code", node.count - len(repeated)))
    gaps = iter(node.inside("code", len(repeated)) if repeated else [])
    codes = []
    for row in range(node.count):
        if row not in repeated:
            codes.append(next(news))
            continue
        gap = next(gaps)
        if gap >= row:
            raise Damage(f"row {row} repeats one before the first")
        codes.append(codes[row - 1 - gap])
    return codes


def read_ascents(node):
    divisor = node.body.varint()
    if divisor == 0:
        raise Damage("the divisor of ascents is 0")
    begins = set(node.row_set())
    if 0 not in begins:
        raise Damage("no ascent begins with the first row")
    firsts = iter(node.inside("i64", len(begins)))
    steps = iter(node.inside("code", node.count - len(begins)) if len(begins) < node.count else [])
    values = []
    for row in range(node.count):
        values.append(next(firsts) if row in begins else wrap(values[-1] + next(steps) * divisor, "i64"))
    return values
