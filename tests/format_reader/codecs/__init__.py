"""The table of codecs (format-spec/codecs/README.md): one row for each id, one function for each page."""
from collections import namedtuple

from . import decimal, exceptions, integers, parted, predicted, repeated, strings, wide

Codec = namedtuple("Codec", "name kinds read")

ALL = ("code", "i64", "i128", "f64", "string")

CODECS = {
    1: Codec("plain", ("code", "i64", "i128", "f64"), integers.read_plain),
    2: Codec("constant", ALL, repeated.read_constant),
    3: Codec("packed", ("code", "i64"), integers.read_packed),
    4: Codec("plain-strings", ("string",), strings.read_plain_strings),
    5: Codec("patched", ("code", "i64"), exceptions.read_patched),
    6: Codec("run-length", ALL, repeated.read_run_length),
    7: Codec("delta", ("code", "i64"), integers.read_delta),
    8: Codec("most-frequent", ALL, exceptions.read_most_frequent),
    9: Codec("byte-planes", ("code", "i64", "f64"), integers.read_byte_planes),
    10: Codec("dictionary", ("code", "i64", "f64", "string"), repeated.read_dictionary),
    11: Codec("decimal", ("f64",), decimal.read_decimal),
    12: Codec("front-coded", ("string",), strings.read_front_coded),
    13: Codec("narrow", ("i128",), wide.read_narrow),
    14: Codec("halves", ("i128",), wide.read_halves),
    15: Codec("predicted", ("code", "i64"), predicted.read_predicted),
    16: Codec("ranked", ("code",), predicted.read_ranked),
    17: Codec("split", ("code", "i64"), parted.read_split),
    18: Codec("repeats", ("code",), parted.read_repeats),
    19: Codec("ascents", ("i64",), parted.read_ascents),
}
