"""The command: python3 -m format_reader STORE TABLE, or STORE --all FOLDER."""
import argparse
import pathlib
import sys

from .csv_output import table_as_csv
from .errors import LaterVersion, StoreError
from .store import Store

DAMAGED, LATER = 5, 1


def main():
    parser = argparse.ArgumentParser(prog="format_reader", description="Prints a table of a Stave store as CSV.")
    parser.add_argument("store")
    parser.add_argument("table", nargs="?")
    parser.add_argument("--all", metavar="FOLDER", help="write every table to FOLDER/TABLE.csv")
    arguments = parser.parse_args()
    if (arguments.table is None) == (arguments.all is None):
        parser.error("either TABLE or --all FOLDER")
    store = Store(arguments.store)
    if arguments.table:
        sys.stdout.buffer.writelines(list(table_as_csv(store, arguments.table)))
        return
    folder = pathlib.Path(arguments.all)
    folder.mkdir(parents=True, exist_ok=True)
    for table in store.manifest.tables:
        (folder / f"{table.name}.csv").write_bytes(b"".join(table_as_csv(store, table.name)))


if __name__ == "__main__":
    try:
        main()
    except LaterVersion as fault:
        print(f"error: {fault}.", file=sys.stderr)
        sys.exit(LATER)
    except StoreError as fault:
        print(f"error: {fault}. Run `stave verify`.", file=sys.stderr)
        sys.exit(DAMAGED)
