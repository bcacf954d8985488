"""A table as CSV: an empty cell is null, "" the empty string; cells are quoted where they have to be."""
import re
import zoneinfo

from .table import read_table
from .values import text_of

NEEDS_QUOTES = re.compile(rb'[",\r\n]')


def cell(text):
    if text == b"" or NEEDS_QUOTES.search(text):
        return b'"' + text.replace(b'"', b'""') + b'"'
    return text


def table_as_csv(store, name):
    """Lines of bytes, the header first."""
    columns, rows = read_table(store, name)
    zone = zoneinfo.ZoneInfo(store.manifest.time_zone)
    yield b",".join(cell(column.name.encode()) for column in columns) + b"\n"
    for row in rows:
        yield b",".join(b"" if value is None else cell(text_of(value, column, zone))
                        for column, value in zip(columns, row)) + b"\n"
