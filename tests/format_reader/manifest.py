"""The state of a store at one commit (format-spec/manifest.md)."""
from dataclasses import dataclass

from .byte_reader import ByteReader
from .errors import Damage
from .head import PACKS, read_head
from .manifest_check import check_manifest
from .schema import read_table

MAGIC = b"STAVEMAN"
MOST_PATH_BYTES = 4096


@dataclass
class Pack:
    path: str
    size: int
    checksum: int


@dataclass
class FileReference:
    path: str
    size: int
    checksum: int
    pack: object = None
    offset: int = 0


@dataclass
class PredictorState:
    kind: int
    column: int
    key: int
    lists: list
    file: FileReference


@dataclass
class Segment:
    id: int
    loads: list
    load_of_row: object
    day: int
    rows: int
    cluster_version: int
    runs: list
    columns: list
    predictors: list


@dataclass
class TableState:
    name: str
    cluster_version: int
    cluster_changes: list
    segments: list
    rows: int
    positions: int
    present: object
    columns: list
    predictors: list


@dataclass
class DomainState:
    name: str
    kind: int
    segments: list


@dataclass
class Load:
    id: int
    table: str
    snapshot: int
    at: int
    rows: int
    rejected: int
    duplicates: int
    files: list


@dataclass
class Manifest:
    snapshot: int
    created_at: int
    operation: str
    time_zone: str
    next_ids: tuple
    packs: list
    schema_name: str
    tables: list
    states: list
    domains: list
    loads: list


def check_path(path):
    """Relative, inside the store, of plain parts (format-spec/store-folder.md, paths)."""
    bad = any(character == "\\" or ord(character) < 0x20 or ord(character) == 0x7F for character in path)
    if bad or len(path.encode()) > MOST_PATH_BYTES or any(part in ("", ".", "..") for part in path.split("/")):
        raise Damage(f"the path {path!r} is not allowed")


def read_file_reference(reader):
    """None where there is no file."""
    place = reader.varint() if reader.packs else 0
    if place > len(reader.packs):
        raise Damage(f"a file lies in pack {place} of {len(reader.packs)}")
    if place:
        pack, offset = reader.packs[place - 1], reader.varint()
        return FileReference(pack.path, reader.varint(), reader.fixed("u64"), pack, offset)
    path = reader.text()
    if not path:
        return None
    check_path(path)
    return FileReference(path, reader.varint(), reader.fixed("u64"))


def read_segment(reader):
    return Segment(reader.varint(), reader.counted(ByteReader.varint), read_file_reference(reader), reader.fixed("i32"),
                   reader.varint(), reader.varint(), reader.counted(lambda r: (r.varint(), r.varint())),
                   reader.counted(read_file_reference), reader.counted(ByteReader.varint))


def read_table_state(reader):
    return TableState(reader.text(), reader.varint(),
                      reader.counted(lambda r: (r.varint(), r.varint(), read_file_reference(r))),
                      reader.counted(read_segment), reader.varint(), reader.varint(), read_file_reference(reader),
                      reader.counted(read_file_reference), reader.counted(read_predictor))


def read_predictor(reader):
    return PredictorState(reader.fixed("u8"), reader.varint(), reader.varint(),
                          reader.counted(lambda r: (r.varint(), r.varint())), read_file_reference(reader))


def read_domain_state(reader):
    name, kind = reader.text(), reader.fixed("u8")
    return DomainState(name, kind, reader.counted(lambda r: (read_file_reference(r), r.varint())))


def read_load(reader):
    return Load(reader.varint(), reader.text(), reader.varint(), reader.signed(), reader.varint(), reader.varint(),
                reader.varint(), reader.counted(lambda r: (r.text(), r.varint(), r.fixed("u64"))))


def read_packs(reader):
    """The list of packs, to which file references refer; there is none without the feature."""
    reader.packs = []
    if reader.features & PACKS:
        reader.packs = reader.counted(lambda r: Pack(r.text(), r.varint(), r.fixed("u64")))
        if not reader.packs:
            raise Damage("a manifest that needs packs lists none")
        for pack in reader.packs:
            check_path(pack.path)
    return reader.packs


def read_manifest(data, number):
    """The manifest in the bytes of a file whose name says `number`."""
    reader = read_head(data, MAGIC, known=PACKS)
    manifest = Manifest(reader.varint(), reader.signed(), reader.text(), reader.text(),
                        (reader.varint(), reader.varint(), reader.varint()), read_packs(reader), reader.text(),
                        reader.counted(read_table), reader.counted(read_table_state),
                        reader.counted(read_domain_state), reader.counted(read_load))
    reader.end()
    if manifest.snapshot != number:
        raise Damage(f"it is of snapshot {manifest.snapshot} and named as {number}")
    check_manifest(manifest)
    return manifest
