"""narrow and halves: 128-bit integers made of 64-bit ones."""


def read_narrow(node):
    return node.inside("i64", node.count)


def read_halves(node):
    high = node.inside("i64", node.count)
    low = node.inside("i64", node.count)
    return [(above << 64) + (below & (1 << 64) - 1) for above, below in zip(high, low)]
