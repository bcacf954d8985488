"""constant, run-length and dictionary: values that are written once and stand for several rows."""
from ..errors import Damage
from .integers import read_plain


def read_one(node):
    """A value in its fixed width, or a string with its length."""
    if node.kind == "string":
        return bytes(node.body.string())
    return read_plain(type(node)(node.tree, node.kind, 1, node.depth))[0]


def read_constant(node):
    return [read_one(node)] * node.count


def read_run_length(node):
    runs = node.body.varint()
    if not 1 <= runs <= node.count:
        raise Damage(f"{runs} runs before byte {node.body.place} for {node.count} values")
    values = node.inside(node.kind, runs)
    lengths = node.inside("code", runs)
    if sum(lengths) != node.count:
        raise Damage(f"runs before byte {node.body.place} have {sum(lengths)} rows instead of {node.count}")
    return [value for value, length in zip(values, lengths) for _ in range(length)]


def read_dictionary(node):
    count = node.body.varint()
    if not 1 <= count <= node.count:
        raise Damage(f"{count} entries before byte {node.body.place} for {node.count} values")
    entries = node.inside(node.kind, count)
    indexes = node.inside("code", node.count)
    if max(indexes) >= count:
        raise Damage(f"an index before byte {node.body.place} is {max(indexes)} of {count} entries")
    return [entries[index] for index in indexes]
