"""The schema of a store, as a manifest holds it (format-spec/manifest.md, schema)."""
from dataclasses import dataclass, field

from .errors import Damage

TYPES = {0: "null", 1: "bool", 2: "i64", 3: "decimal", 4: "f64", 5: "string", 6: "date", 7: "timestamp"}
FACT, DIMENSION = 1, 2


@dataclass
class Column:
    name: str
    type: str
    precision: int
    scale: int
    flags: int
    domain: str
    aliases: list
    default: object

    def typed_by_domain(self):
        return bool(self.flags & 1)

    def physical_kind(self):
        """The kind of the column's blocks."""
        if self.domain:
            return "code"
        if self.type == "decimal":
            return "i64" if self.precision <= 18 else "i128"
        return self.type if self.type in ("f64", "string") else "i64"


@dataclass
class Table:
    name: str
    aliases: list
    kind: int
    columns: list
    key: list
    time_column: str
    cluster: tuple
    relations: list = field(default_factory=list)

    def code_addressed(self):
        """A dimension whose row of key code c is at position c - 1."""
        if self.kind != DIMENSION or len(self.key) != 1:
            return False
        return bool(next(column for column in self.columns if column.name == self.key[0]).domain)


def read_default(reader, kind, type_name):
    if kind == 0:
        return None
    if kind == 2:
        return ("last day of month", reader.text())
    if kind == 1:
        readers = {"bool": lambda: bool(reader.fixed("u8")), "i64": reader.signed, "date": reader.signed,
                   "string": reader.text}
        if type_name in readers:
            return readers[type_name]()
    raise Damage(f"a column of type {type_name} has a default of kind {kind}")


def read_column(reader):
    name = reader.text()
    kind, precision, scale = (reader.fixed("u8") for _ in range(3))
    if kind not in TYPES:
        raise Damage(f"column {name} has the unknown type {kind}")
    if kind == 3 and (not 1 <= precision <= 38 or scale > precision):
        raise Damage(f"column {name} is a decimal({precision},{scale})")
    if kind != 3 and (precision or scale):
        raise Damage(f"column {name} is no decimal and has precision {precision} and scale {scale}")
    flags = reader.fixed("u8")
    if flags > 7:
        raise Damage(f"column {name} has the flags {flags:#x}")
    domain = reader.text()
    aliases = reader.counted(lambda r: (r.text(), r.signed(), r.signed()))
    return Column(name, TYPES[kind], precision, scale, flags, domain, aliases,
                  read_default(reader, reader.fixed("u8"), TYPES[kind]))


def read_table(reader):
    name, aliases, kind = reader.text(), reader.counted(lambda r: r.text()), reader.fixed("u8")
    if kind not in (FACT, DIMENSION):
        raise Damage(f"table {name} has the unknown kind {kind}")
    table = Table(name, aliases, kind, reader.counted(read_column), reader.counted(lambda r: r.text()), reader.text(),
                  (reader.text(), reader.text()), reader.counted(lambda r: (r.text(), r.text(), r.text())))
    names = {column.name for column in table.columns}
    if len(names) != len(table.columns):
        raise Damage(f"table {name} has two columns of one name")
    for column in [*table.key, *filter(None, [table.time_column])]:
        if column not in names:
            raise Damage(f"table {name} has no column {column}, which its key or time names")
    return table
