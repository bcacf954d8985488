"""What the parts of a manifest have to agree on (format-spec/manifest.md)."""
from .errors import Damage
from .schema import FACT

MOST_CODES = 4294967294
TYPE_OF_DOMAIN = {0: "null", 1: "i64", 2: "string"}  # by the domain's kind
BY_VALUE, BY_RANK = 1, 2


def expect(is_so, fault):
    if not is_so:
        raise Damage(fault)


def check_domain(domain):
    expect(domain.kind in TYPE_OF_DOMAIN and (domain.kind == 0) == (not domain.segments),
           f"domain {domain.name} has kind {domain.kind} and {len(domain.segments)} segments")
    expect(all(file and count for file, count in domain.segments), f"domain {domain.name} has a segment of no values")
    expect(sum(count for _, count in domain.segments) <= MOST_CODES, f"domain {domain.name} has too many codes")


def check_types(table, kinds):
    """Columns with a domain have its type; `kinds` are those of domains by name."""
    for column in table.columns:
        if column.domain:
            held = TYPE_OF_DOMAIN[kinds.get(column.domain, 0)]
            fits = column.type == held or (held == "null" and not column.typed_by_domain())
            expect(fits and column.type in TYPE_OF_DOMAIN.values(),
                   f"column {table.name}.{column.name} is {column.type} and its domain {column.domain} holds {held}")


def check_predictor(table, state, predictor):
    owner = f"a predictor of table {table.name}"
    expect(predictor.kind in (BY_VALUE, BY_RANK) and predictor.file, f"{owner} has kind {predictor.kind}, or no file")
    expect(max(predictor.column, predictor.key) < len(table.columns), f"{owner} is for a column that is not there")
    column, key = table.columns[predictor.column], table.columns[predictor.key]
    if predictor.kind == BY_RANK:
        expect(predictor.key == predictor.column and column.domain, f"{owner} ranks column {column.name} by {key.name}")
        return
    expect(key.domain and key is not column and not predictor.lists and column.physical_kind() in ("code", "i64"),
           f"{owner} predicts column {column.name} by {key.name}")
    expect(all(other.kind != BY_VALUE or other.column != predictor.key for other in state.predictors),
           f"{owner} predicts column {column.name} by one that is predicted itself")


def check_segment(manifest, table, state, segment):
    owner = f"segment {segment.id} of table {table.name}"
    _, next_segment, next_load = manifest.next_ids
    expect(segment.loads and segment.loads == sorted(set(segment.loads)), f"{owner} has the loads {segment.loads}")
    expect(segment.id < next_segment and segment.loads[-1] < next_load, f"{owner} has an id that is not given out yet")
    expect((segment.load_of_row is not None) == (len(segment.loads) > 1),
           f"{owner} has {len(segment.loads)} loads, and a column that tells them apart only where one is not needed")
    expect(segment.cluster_version <= state.cluster_version, f"{owner} has a later cluster version than its table")
    expect(segment.rows < 1 << 32 and sum(rows for _, rows in segment.runs) == segment.rows,
           f"the runs of {owner} do not add up to its {segment.rows} rows")
    expect(len(segment.predictors) <= len(segment.columns) <= len(table.columns),
           f"{owner} has {len(segment.predictors)} predictors and {len(segment.columns)} files for its columns")
    expect(all(place <= len(state.predictors) for place in segment.predictors), f"{owner} has an unknown predictor")


def files_of(segment):
    return [file for file in [segment.load_of_row, *segment.columns] if file]


def check_packs(manifest):
    """Column files in packs lie within them and apart from each other; each pack has one, and nothing else has any."""
    expect(len({pack.path for pack in manifest.packs}) == len(manifest.packs), "a pack is listed twice")
    parts = {pack.path: [] for pack in manifest.packs}
    for state in manifest.states:
        for file in (file for segment in state.segments for file in files_of(segment) if file.pack):
            parts[file.path].append((file.offset, file.offset + file.size))
        for file in [state.present, *state.columns, *(predictor.file for predictor in state.predictors),
                     *(codes for _, _, codes in state.cluster_changes)]:
            expect(not (file and file.pack), f"table {state.name} has {file} in a pack, which is of no segment")
    for domain in manifest.domains:
        expect(all(not file.pack for file, _ in domain.segments), f"domain {domain.name} lies in a pack")
    for pack in manifest.packs:
        places = sorted(parts[pack.path])
        expect(places and places[-1][1] <= pack.size, f"{pack.path} has nothing in it, or more than its bytes")
        expect(all(one[1] <= other[0] for one, other in zip(places, places[1:])), f"files of {pack.path} overlap")


def check_fact(manifest, table, state):
    expect(not (state.positions or state.present or state.columns), f"fact table {table.name} has files of a dimension")
    for segment in state.segments:
        check_segment(manifest, table, state, segment)
    order = [(segment.day, segment.id) for segment in state.segments]
    expect(order == sorted(set(order)), f"the segments of table {table.name} are not in order")
    expect(state.rows == sum(segment.rows for segment in state.segments),
           f"table {table.name} says {state.rows} rows, which its segments do not have")
    versions = [version for version, _, _ in state.cluster_changes]
    expect(versions == sorted(set(versions)) and all(1 <= version <= state.cluster_version for version in versions),
           f"the cluster changes of table {table.name} are not in order")
    for predictor in state.predictors:
        check_predictor(table, state, predictor)


def check_dimension(table, state):
    expect(not (state.segments or state.cluster_version or state.cluster_changes or state.predictors),
           f"dimension {table.name} has segments of a fact table")
    fits = (state.rows <= state.positions if table.code_addressed()
            else state.rows == state.positions and not state.present)
    expect(fits and state.positions <= MOST_CODES,
           f"dimension {table.name} has {state.rows} rows in {state.positions} positions")
    expect(len(state.columns) <= len(table.columns), f"table {table.name} has more files than columns")


def check_manifest(manifest):
    for domain in manifest.domains:
        check_domain(domain)
    check_packs(manifest)
    kinds = {domain.name: domain.kind for domain in manifest.domains}
    expect(len(kinds) == len(manifest.domains), "two domains have one name")
    expect(all(load.id < manifest.next_ids[2] and load.snapshot <= manifest.snapshot for load in manifest.loads),
           "a load is of the future")
    expect([table.name for table in manifest.tables] == [state.name for state in manifest.states],
           "the table states do not follow the tables of the schema")
    for table, state in zip(manifest.tables, manifest.states):
        check_types(table, kinds)
        if table.kind == FACT:
            check_fact(manifest, table, state)
        else:
            check_dimension(table, state)
