"""predicted and ranked: blocks that only a predictor can read (format-spec/predictor.md)."""
from ..errors import Damage
from .exceptions import patch
from .integers import wrap


def prediction_of(node, what):
    """What the predictor of the block says of each value."""
    if node.depth != 0:
        raise Damage(f"codec {what} before byte {node.body.place} is not the root of its block")
    if node.tree.prediction is None or node.tree.prediction.what != what:
        raise Damage(f"codec {what} needs a predictor that the manifest does not name")
    return node.tree.prediction.of_values


def read_predicted(node):
    return patch(node, node.kind, list(prediction_of(node, "predicted")))


def read_ranked(node):
    lists = prediction_of(node, "ranked")
    ranks = node.inside("code", node.count)
    return [codes[rank] if rank < len(codes) else wrap(rank - len(codes), "code") for codes, rank in zip(lists, ranks)]
