"""A store folder: the files that the manifest names (format-spec/store-folder.md)."""
import pathlib
import re

from . import column_file, domain
from .column_file import ColumnFile
from .errors import Damage, StoreError
from .head import checksum, expect_checksum
from .manifest import read_manifest

MARKER = re.compile(rb"(Stave store\nsnapshot (0|[1-9][0-9]*)\n)check ([0-9a-f]{16})\n")
MANIFEST_NAME = re.compile(r"([0-9]{12,})\.manifest")


def in_file(path, read, *arguments):
    """What `read` makes of something; what goes wrong names the file."""
    try:
        return read(*arguments)
    except StoreError as fault:
        raise type(fault)(f"{path}: {fault}") from fault


def read_bytes(path):
    try:
        return path.read_bytes()
    except OSError as fault:
        raise Damage(f"the file cannot be read: {fault.strerror}") from fault


class Store:
    """A store at its last commit."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        least = in_file("STAVE", self.read_marker)
        numbers = {int(match[1]): path for path in (self.folder / "snapshots").glob("*.manifest")
                   if (match := MANIFEST_NAME.fullmatch(path.name)) and path.name == f"{int(match[1]):012}.manifest"}
        if not numbers:
            raise Damage(f"{self.folder} has no manifest")
        last = max(numbers)
        if last < least:
            raise Damage(f"the last manifest is of snapshot {last} and snapshot {least} was committed")
        self.manifest = in_file(numbers[last].name, lambda: read_manifest(read_bytes(numbers[last]), last))
        self.domains = {}
        self.packs = {}

    def read_marker(self):
        """The snapshot that was committed at least."""
        marker = MARKER.fullmatch(read_bytes(self.folder / "STAVE"))
        if not marker or int(marker[3], 16) != checksum(marker[1]):
            raise Damage(f"{self.folder} is no store, or its marker is damaged")
        return int(marker[2])

    def pack(self, pack):
        """All bytes of a pack, whose checksum the manifest states."""
        if pack.path not in self.packs:
            data = read_bytes(self.folder / pack.path)
            if len(data) != pack.size:
                raise Damage(f"it has {len(data)} bytes and the manifest says {pack.size}")
            expect_checksum(pack.checksum, data)
            self.packs[pack.path] = data
        return self.packs[pack.path]

    def file(self, reference, checksum_end):
        """All bytes of a file; the manifest names it by the checksum that stands so many bytes before its end."""
        data = self.pack(reference.pack)[reference.offset:reference.offset + reference.size] if reference.pack else \
            read_bytes(self.folder / reference.path)
        if len(data) != reference.size:
            raise Damage(f"it has {len(data)} bytes and the manifest says {reference.size}")
        begin = max(0, len(data) - checksum_end)
        stated = int.from_bytes(data[begin:begin + 8], "little")
        if stated != reference.checksum:
            raise Damage(f"it states the checksum {stated:016x} and the manifest {reference.checksum:016x}: "
                         "it is another file")
        return data

    def column(self, reference, kind, predictor=None):
        """The values of a column file, which have to be of a kind."""
        def read():
            column = ColumnFile(self.file(reference, column_file.CHECKSUM_END))
            if column.kind != kind:
                raise Damage(f"it has values of kind {column.kind} instead of {kind}")
            return column.values(predictor)
        return in_file(reference.path, read)

    def domain(self, name):
        """All values of a domain by code, None for code 0; a domain that is not listed has none."""
        if name not in self.domains:
            state = next((known for known in self.manifest.domains if known.name == name), None)
            self.domains[name] = self.read_domain(state) if state else [None]
        return self.domains[name]

    def read_domain(self, state):
        values = [None]
        for reference, count in state.segments:
            def read(reference=reference, count=count):
                kind, first, more = domain.read_domain_segment(self.file(reference, domain.CHECKSUM_END))
                if (kind, first, len(more)) != (state.kind, len(values), count):
                    raise Damage(f"it has {len(more)} values of kind {kind} from code {first}, and the manifest says "
                                 f"{count} of kind {state.kind} from {len(values)}")
                return more
            values += in_file(reference.path, read)
        if len(set(values)) != len(values):
            raise Damage(f"domain {state.name} has a value twice")
        return values
