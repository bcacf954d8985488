"""patched and most-frequent: values of which some rows have another one."""
from .integers import read_packed
from .repeated import read_one


def patch(node, kind, values):
    """Puts in the exceptions that follow: a row set, then their values."""
    rows = node.row_set()
    for row, value in zip(rows, node.inside(kind, len(rows)) if rows else []):
        values[row] = value
    return values


def read_patched(node):
    return patch(node, node.kind, read_packed(node))


def read_most_frequent(node):
    return patch(node, node.kind, [read_one(node)] * node.count)
