"""Magic, checksum, version and features: what is tested before a byte of a file is believed.

Layouts: format-spec/store-folder.md (manifests and domains), format-spec/column-file.md (columns)."""
import xxhash

from .byte_reader import ByteReader
from .errors import Damage, LaterVersion

VERSION = 1
PACKS = 1  # of manifests: column files may lie in packs


def checksum(*parts):
    """XXH3-64, seed 0, of bytes end to end."""
    state = xxhash.xxh3_64()
    for part in parts:
        state.update(part)
    return state.intdigest()


def expect_magic(found, magic):
    if found != magic:
        raise Damage(f"it begins with {bytes(found)!r} instead of {magic!r}")


def expect_checksum(stored, *parts):
    computed = checksum(*parts)
    if stored != computed:
        raise Damage(f"the checksum is {computed:016x} and {stored:016x} is stored")


def expect_zeros(found):
    if any(found):
        raise Damage(f"reserved bytes are {bytes(found)!r} instead of zeros")


def expect_readable(version, features, known=0):
    """Version and features, which count only once their checksum was tested."""
    advice = "Read it with a reader of that version"
    if version > VERSION:
        raise LaterVersion(f"it has format version {version} and this reader knows versions up to {VERSION}. {advice}")
    if version == 0:
        raise Damage("it has format version 0")
    if features & ~known:
        raise LaterVersion(f"it has format version {version} with the required features {features:#x}, and this "
                           f"reader of version {VERSION} knows {known:#x}. {advice}")


def read_head(data, magic, *before, known=0):
    """The 32 bytes at the start of `data`, which may have the features `known`; the checksum covers `before`, then bytes
    16 to the end."""
    reader = ByteReader(data)
    expect_magic(reader.take(8), magic)
    expect_checksum(reader.fixed("u64"), *before, data[16:])
    version = reader.fixed("u16")
    reserved = reader.take(6)
    reader.features = reader.fixed("u64")
    expect_readable(version, reader.features, known)
    expect_zeros(reserved)
    return reader
