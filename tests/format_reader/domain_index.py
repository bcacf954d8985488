"""The index of a domain segment: every value has to be found at its own code (format-spec/key-domain.md, index).

Reading needs no index; a reader that ignored it could not tell whether the page describes it."""
from .errors import Damage
from .head import checksum

WORD = (1 << 64) - 1
DIRECT = 2


def hash_of(value):
    if isinstance(value, bytes):
        return checksum(value)
    hashed = value & WORD
    hashed ^= hashed >> 32
    hashed = hashed * 0x9E3779B97F4A7C15 & WORD
    hashed ^= hashed >> 29
    hashed = hashed * 0xBF58476D1CE4E5B9 & WORD
    return hashed ^ hashed >> 32


def direct_position(slots, footer, value):
    slot = value - footer.minimum
    return slots[slot] - 1 if 0 <= slot < len(slots) else -1


def hashed_position(slots, footer, values, value):
    """The position that the search finds, or -1."""
    bits = footer.position_bits
    hashed = hash_of(value)
    tag = hashed % (1 << (32 - bits))
    start = hashed * len(slots) >> 64
    for step in range(len(slots)):
        slot = slots[(start + step) % len(slots)]
        if slot == 0:
            return -1
        position = (slot & (1 << bits) - 1) - 1
        if slot >> bits == tag and 0 <= position < len(values) and values[position] == value:
            return position
    return -1


def read_index(slots, footer, values):
    """Looks every value up, which also finds a value that is there twice."""
    if sum(1 for slot in slots if slot) != len(values):
        raise Damage("the index does not have one slot for each value")
    for position, value in enumerate(values):
        found = (direct_position(slots, footer, value) if footer.index == DIRECT
                 else hashed_position(slots, footer, values, value))
        if found != position:
            raise Damage(f"the index finds value {position} at position {found}")
