"""Nodes and row sets, which hold one another (format-spec/block.md, nodes and row sets)."""
from .codecs import CODECS
from .errors import Damage

MOST_DEPTH = 4
BITMAP, GAPS = 0, 1


class Node:
    """What a codec needs to read one node's payload: the bytes, the kind, how many values, and what is inside."""

    def __init__(self, tree, kind, count, depth):
        self.tree = tree
        self.body = tree.body
        self.kind = kind
        self.count = count
        self.depth = depth

    def inside(self, kind, count):
        return self.tree.node(kind, count, self.depth + 1)

    def row_set(self):
        return self.tree.row_set(self.count, self.depth + 1)


class Tree:
    """The nodes of one block; `codecs` lists their ids, each before those inside it. A prediction has an entry for each
    value of the root."""

    def __init__(self, body, prediction=None):
        self.body = body
        self.prediction = prediction
        self.codecs = []

    def node(self, kind, count, depth=0):
        """The values of a node."""
        if depth > MOST_DEPTH:
            raise Damage(f"a node at byte {self.body.place} lies more than {MOST_DEPTH} levels deep")
        if count < 1:
            raise Damage(f"a node at byte {self.body.place} has {count} values")
        codec_id = self.body.fixed("u8")
        if codec_id not in CODECS:
            raise Damage(f"a node before byte {self.body.place} has the unknown codec {codec_id}")
        codec = CODECS[codec_id]
        if kind not in codec.kinds:
            raise Damage(f"codec {codec.name} before byte {self.body.place} is not for values of kind {kind}")
        self.codecs.append(codec_id)
        values = codec.read(Node(self, kind, count, depth))
        if len(values) != count:
            raise Damage(f"codec {codec.name} gives {len(values)} values instead of {count}")
        return values

    def row_set(self, rows, gaps_depth):
        """Row numbers in ascending order."""
        form = self.body.fixed("u8")
        if form == BITMAP:
            return self.bitmap(rows)
        if form != GAPS:
            raise Damage(f"a row set before byte {self.body.place} has the unknown form {form}")
        count = self.body.varint()
        if count > rows:
            raise Damage(f"a row set before byte {self.body.place} has {count} of {rows} rows")
        found, row = [], -1
        for gap in self.node("code", count, gaps_depth) if count else []:
            row += gap + 1
            found.append(row)
        if row >= rows:
            raise Damage(f"a row set before byte {self.body.place} has row {row} of {rows}")
        return found

    def bitmap(self, rows):
        bits = int.from_bytes(self.body.take(-(-rows // 8)), "little")
        if bits >> rows:
            raise Damage(f"a bitmap before byte {self.body.place} has rows beyond {rows}")
        return [row for row in range(rows) if bits >> row & 1]
