"""What segments of a table share to make a column small (format-spec/predictor.md)."""
from dataclasses import dataclass

from .errors import Damage

BY_VALUE, BY_RANK = 1, 2


@dataclass
class Prediction:
    """What a predictor says of each value of a block: a guess, or a list of codes."""
    what: str
    of_values: list

    def without(self, rows):
        absent = set(rows)
        return Prediction(self.what, [entry for row, entry in enumerate(self.of_values) if row not in absent])


def by_value(guesses, keys):
    """Guesses by key code; `keys` are the codes of the segment's rows, none where its key column has no file."""
    def prediction(block, rows):
        codes = keys[block * 16384:block * 16384 + rows] or [0] * rows
        if len(codes) != rows:
            raise Damage(f"the key column has {len(codes)} of the {rows} rows of block {block}")
        return Prediction("predicted", [guess_of(guesses, code) for code in codes])
    return prediction


def guess_of(guesses, code):
    return (guesses[code - 1] or 0) if 1 <= code <= len(guesses) else 0


def by_rank(codes, lengths, runs):
    """The lists of clusters, end to end in `codes`, for the rows of a segment with these runs."""
    if sum(length for _, length in lengths) != len(codes) or len(set(codes)) != len(codes):
        raise Damage("the lists of a predictor do not fill its file, or have a code twice")
    lists, begin = {}, 0
    for cluster, length in lengths:
        if cluster in lists:
            raise Damage(f"a predictor has two lists of cluster {cluster}")
        lists[cluster] = codes[begin:begin + length]
        begin += length
    of_rows = [lists.get(cluster, []) for cluster, rows in runs for _ in range(rows)]
    return lambda block, rows: Prediction("ranked", of_rows[block * 16384:block * 16384 + rows])
