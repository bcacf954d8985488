"""The state of a store at one commit (format-spec/manifest.md)."""
from dataclasses import dataclass

from .byte_reader import ByteReader
from .errors import Damage
from .head import read_head
from .schema import FACT, read_table

MAGIC = b"STAVEMAN"
MOST_PATH_BYTES = 4096
EMPTY, INTEGERS, STRINGS = 0, 1, 2


@dataclass
class FileReference:
    path: str
    size: int
    checksum: int


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
    path = reader.text()
    if not path:
        return None
    check_path(path)
    return FileReference(path, reader.varint(), reader.fixed("u64"))


def read_segment(reader):
    segment = Segment(reader.varint(), reader.counted(ByteReader.varint), read_file_reference(reader), reader.fixed("i32"), reader.varint(), reader.varint(),
                      reader.counted(lambda r: (r.varint(), r.varint())), reader.counted(read_file_reference),
                      reader.counted(ByteReader.varint))
    if len(segment.predictors) > len(segment.columns):
        raise Damage(f"segment {segment.id} has predictors of columns that it has not")
    if not segment.loads or segment.loads != sorted(set(segment.loads)):
        raise Damage(f"segment {segment.id} has the loads {segment.loads}")
    if (segment.load_of_row is not None) != (len(segment.loads) > 1):
        raise Damage(f"segment {segment.id} of {len(segment.loads)} loads has a column of them where one load is enough, "
                     "or none where it needs one")
    if segment.rows >= 1 << 32:
        raise Damage(f"segment {segment.id} has {segment.rows} rows")
    if sum(rows for _, rows in segment.runs) != segment.rows:
        raise Damage(f"the runs of segment {segment.id} do not add up to its {segment.rows} rows")
    return segment


def read_table_state(reader):
    return TableState(reader.text(), reader.varint(),
                      reader.counted(lambda r: (r.varint(), r.varint(), read_file_reference(r))),
                      reader.counted(read_segment), reader.varint(), reader.varint(), read_file_reference(reader),
                      reader.counted(read_file_reference), reader.counted(read_predictor))


def read_predictor(reader):
    predictor = PredictorState(reader.fixed("u8"), reader.varint(), reader.varint(),
                               reader.counted(lambda r: (r.varint(), r.varint())), read_file_reference(reader))
    if predictor.kind not in (1, 2) or predictor.file is None or (predictor.kind == 1 and predictor.lists):
        raise Damage(f"a predictor of kind {predictor.kind} has {len(predictor.lists)} lists, or no file")
    return predictor


def read_domain_state(reader):
    name, kind = reader.text(), reader.fixed("u8")
    state = DomainState(name, kind, reader.counted(lambda r: (read_file_reference(r), r.varint())))
    if kind not in (EMPTY, INTEGERS, STRINGS) or (kind == EMPTY) != (not state.segments):
        raise Damage(f"domain {name} has kind {kind} and {len(state.segments)} segments")
    if any(file is None or count == 0 for file, count in state.segments):
        raise Damage(f"domain {name} has a segment without values")
    if sum(count for _, count in state.segments) > 4294967294:
        raise Damage(f"domain {name} has too many codes")
    return state


def read_load(reader):
    return Load(reader.varint(), reader.text(), reader.varint(), reader.signed(), reader.varint(), reader.varint(), reader.varint(),
                reader.counted(lambda r: (r.text(), r.varint(), r.fixed("u64"))))


def check_tables(manifest):
    """What a table's state has to agree with."""
    next_segment, next_load = manifest.next_ids[1:]
    if any(load.id >= next_load or load.snapshot > manifest.snapshot for load in manifest.loads):
        raise Damage("a load is of the future")
    if [table.name for table in manifest.tables] != [state.name for state in manifest.states]:
        raise Damage("the table states do not follow the tables of the schema")
    for table, state in zip(manifest.tables, manifest.states):
        if any(place > len(state.predictors) for segment in state.segments for place in segment.predictors):
            raise Damage(f"a segment of table {table.name} has a predictor that the table has not")
        if any(max(predictor.column, predictor.key) >= len(table.columns) for predictor in state.predictors):
            raise Damage(f"table {table.name} has a predictor of a column that it has not")
        if any(len(owner.columns) > len(table.columns) for owner in [state, *state.segments]):
            raise Damage(f"table {table.name} has more files than columns")
        if any(segment.cluster_version > state.cluster_version for segment in state.segments):
            raise Damage(f"a segment of table {table.name} has a later cluster version than the table")
        if any(s.id >= next_segment or s.loads[-1] >= next_load for s in state.segments):
            raise Damage(f"a segment of table {table.name} has an id that is not given out yet")
        order = [(segment.day, segment.id) for segment in state.segments]
        if order != sorted(set(order)):
            raise Damage(f"the segments of table {table.name} are not in order")
        if table.kind == FACT and state.rows != sum(segment.rows for segment in state.segments):
            raise Damage(f"table {table.name} says {state.rows} rows, which its segments do not have")
        if table.kind != FACT and not table.code_addressed() and (state.rows != state.positions or state.present):
            raise Damage(f"table {table.name} has {state.positions} positions for {state.rows} rows")


def read_manifest(data, number):
    """The manifest in the bytes of a file whose name says `number`."""
    reader = read_head(data, MAGIC)
    manifest = Manifest(reader.varint(), reader.signed(), reader.text(), reader.text(),
                        (reader.varint(), reader.varint(), reader.varint()), reader.text(),
                        reader.counted(read_table), reader.counted(read_table_state),
                        reader.counted(read_domain_state), reader.counted(read_load))
    reader.end()
    if manifest.snapshot != number:
        raise Damage(f"it is of snapshot {manifest.snapshot} and named as {number}")
    if len({domain.name for domain in manifest.domains}) != len(manifest.domains):
        raise Damage("two domains have one name")
    check_tables(manifest)
    return manifest
