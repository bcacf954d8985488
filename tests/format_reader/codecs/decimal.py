"""decimal: doubles that were decimals (format-spec/codecs/decimal.md)."""
from ..errors import Damage
from .exceptions import patch

MOST_EXPONENT = 15


def read_decimal(node):
    exponent = node.body.fixed("u8")
    if exponent > MOST_EXPONENT:
        raise Damage(f"the exponent {exponent} before byte {node.body.place} is above {MOST_EXPONENT}")
    divisor = 10.0 ** exponent
    return patch(node, "f64", [float(integer) / divisor for integer in node.inside("i64", node.count)])
