"""The rows of a table: segments one after another, or the positions of a dimension (format-spec/manifest.md)."""
from .errors import Damage
from .predictor import BY_RANK, by_rank, by_value
from .schema import FACT


def file_of(owner, index):
    return owner.columns[index] if index < len(owner.columns) else None


def predictor_of(store, table, state, segment, index):
    """What predicts the blocks of a segment's column; None where they stand alone."""
    place = segment.predictors[index] if index < len(segment.predictors) else 0
    if place == 0:
        return None
    predictor = state.predictors[place - 1]
    if predictor.column != index:
        raise Damage(f"segment {segment.id} has the predictor of another column for column {index}")
    shared = store.column(predictor.file, table.columns[index].physical_kind())
    if predictor.kind == BY_RANK:
        return by_rank(shared, predictor.lists, segment.runs)
    keys = file_of(segment, predictor.key)
    return by_value(shared, store.column(keys, "code", predictor_of(store, table, state, segment, predictor.key))
                    if keys else [])


def stored_column(store, owner, index, column, rows, exact, predictor=None):
    """`rows` values of a column of a segment or dimension: a column without a file is null, and a file may end early
    where that is allowed."""
    reference = file_of(owner, index)
    values = store.column(reference, column.physical_kind(), predictor) if reference else []
    if len(values) > rows or (exact and reference and len(values) < rows):
        raise Damage(f"{reference.path} has {len(values)} rows instead of {rows}")
    if column.domain:
        domain = store.domain(column.domain)
        if values and max(values) >= len(domain):
            raise Damage(f"{reference.path} has code {max(values)} and domain {column.domain} {len(domain) - 1} values")
        values = [domain[code] for code in values]
    return values + [None] * (rows - len(values))


def fact_columns(store, table, state):
    columns = [[] for _ in table.columns]
    for segment in state.segments:
        for index, column in enumerate(table.columns):
            columns[index] += stored_column(store, segment, index, column, segment.rows, exact=True,
                                            predictor=predictor_of(store, table, state, segment, index))
    return columns


def dimension_columns(store, table, state):
    columns = [stored_column(store, state, index, column, state.positions, exact=False)
               for index, column in enumerate(table.columns)]
    if not table.code_addressed():
        return columns
    present = store.column(state.present, "i64") if state.present else []
    if len(present) != state.positions or present.count(0) + present.count(1) != len(present):
        raise Damage(f"{state.present} does not say of {state.positions} positions whether they hold a row")
    if sum(present) != state.rows:
        raise Damage(f"table {table.name} has {sum(present)} rows present and should have {state.rows}")
    rows = [position for position, there in enumerate(present) if there]
    return [[column[row] for row in rows] for column in columns]


def read_table(store, name):
    """The columns of the schema and their values, row by row."""
    for table, state in zip(store.manifest.tables, store.manifest.states):
        if table.name == name:
            columns = (fact_columns if table.kind == FACT else dimension_columns)(store, table, state)
            return table.columns, list(zip(*columns))
    raise Damage(f"the store has no table {name}")
