"""Changes files of a store and repairs every checksum that covers them, so that only what the bytes say can be wrong."""
import pathlib

from format_reader.head import checksum
from format_reader.manifest import read_manifest

U64 = 8
COLUMN_TRAILER, DOMAIN_FOOTER = 24, 72


def put(data, at, value, size):
    data[at:at + size] = value.to_bytes(size, "little")


def last_manifest(folder):
    return max((pathlib.Path(folder) / "snapshots").glob("*.manifest"))


def repair_manifest(data):
    put(data, 8, checksum(data[16:]), U64)


def repair_domain(data):
    """The checksum of the head; chunks are as they were."""
    chunks = -(-(len(data) - DOMAIN_FOOTER) // 65544)
    begin = len(data) - DOMAIN_FOOTER
    put(data, begin + 8, checksum(data[begin - U64 * chunks:begin], data[begin + 16:]), U64)


def repair_column_header(data):
    put(data, 24, checksum(data[:24]), U64)


def change_manifest(folder, change):
    path = last_manifest(folder)
    data = bytearray(path.read_bytes())
    change(data)
    repair_manifest(data)
    path.write_bytes(data)


def change_file(folder, reference, change, repair):
    """Changes a file, be it in a pack, without changing its length, and what the manifest says of checksums."""
    path = pathlib.Path(folder) / reference.path
    whole = bytearray(path.read_bytes())
    data = whole[reference.offset:reference.offset + reference.size]
    change(data)
    repair(data)
    whole[reference.offset:reference.offset + reference.size] = data
    path.write_bytes(whole)
    end = DOMAIN_FOOTER - U64 if reference.path.endswith(".domain") else COLUMN_TRAILER - U64
    stated = int.from_bytes(data[len(data) - end:len(data) - end + U64], "little")

    def name_it(manifest):
        at = manifest.index(reference.checksum.to_bytes(U64, "little"))
        put(manifest, at, stated, U64)
        if reference.pack:
            put(manifest, manifest.index(reference.pack.checksum.to_bytes(U64, "little")), checksum(whole), U64)

    change_manifest(folder, name_it)


def references(folder):
    """A file of each kind that the last manifest names: (a column of a segment, a domain segment)."""
    path = last_manifest(folder)
    manifest = read_manifest(path.read_bytes(), int(path.stem))
    column = next(file for state in manifest.states for segment in state.segments for file in segment.columns if file)
    return column, manifest.domains[0].segments[0][0]
