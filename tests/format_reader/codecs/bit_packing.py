"""n unsigned integers of `width` bits (format-spec/codecs/bit-packing.md)."""
GROUP = 1024


def read_group(data, width):
    """The 1,024 values of `width` rows of 128 bytes. A lane is one number made of its words."""
    word_bytes = 4 if width <= 32 else 8
    lanes, bits = GROUP // (8 * word_bytes), 8 * word_bytes
    mask = (1 << width) - 1
    values = [0] * GROUP
    for lane in range(lanes):
        words = range(lane * word_bytes, len(data), lanes * word_bytes)
        number = int.from_bytes(b"".join(data[at:at + word_bytes] for at in words), "little")
        for row in range(bits):
            values[row * lanes + lane] = number >> row * width & mask
    return values


def read_packed_bits(body, count, width):
    values = []
    for _ in range(count // GROUP):
        values += read_group(bytes(body.take(128 * width)), width)
    rest = count % GROUP
    tail = int.from_bytes(body.take(-(-rest * width // 8)), "little")
    mask = (1 << width) - 1
    return values + [tail >> i * width & mask for i in range(rest)]
