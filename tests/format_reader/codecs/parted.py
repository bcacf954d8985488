"""split, repeats and ascents: rows that a row set parts, each side with values of its own."""
from ..errors import Damage
from .integers import wrap


def read_split(node):
    rows = set(node.row_set())
    if not 0 < len(rows) < node.count:
        raise Damage(f"a side before byte {node.body.place} has {len(rows)} of {node.count} rows")
    first = iter(node.inside(node.kind, node.count - len(rows)))
    second = iter(node.inside(node.kind, len(rows)))
    return [next(second if row in rows else first) for row in range(node.count)]


def read_repeats(node):
    rows = set(node.row_set())
    if len(rows) == node.count:
        raise Damage(f"all rows before byte {node.body.place} are repeats")
    news = iter(node.inside("code", node.count - len(rows)))
    gaps = iter(node.inside("code", len(rows)) if rows else [])
    values = []
    for row in range(node.count):
        if row not in rows:
            values.append(next(news))
            continue
        gap = next(gaps)
        if gap >= row:
            raise Damage(f"row {row} before byte {node.body.place} repeats one {gap + 1} rows before it")
        values.append(values[row - 1 - gap])
    return values


def read_ascents(node):
    divisor = node.body.varint()
    if divisor == 0:
        raise Damage(f"the divisor before byte {node.body.place} is 0")
    begins = set(node.row_set())
    if 0 not in begins:
        raise Damage(f"the first row before byte {node.body.place} begins no ascent")
    firsts = iter(node.inside("i64", len(begins)))
    steps = iter(node.inside("code", node.count - len(begins)) if len(begins) < node.count else [])
    values = []
    for row in range(node.count):
        values.append(next(firsts) if row in begins else wrap(values[-1] + next(steps) * divisor, "i64"))
    return values
