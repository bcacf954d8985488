"""Stave from Python: a store, imports, questions and reports, over the C interface (libstave.so).

    import stave

    with stave.open("music.stave") as store:
        for day, plays in store.query("from streams | summarize plays = count() by day"):
            print(day, plays)

A result is read once: row by row as here, or as a whole by whatever knows Arrow, without a copy, since it has
`__arrow_c_stream__`: `pyarrow.table(result)`, `polars.DataFrame(result)`, `duckdb.sql("from result")`.
Standard library only. The library is the one that STAVE_LIBRARY names, else the one that is installed.
"""
import collections.abc
import ctypes
import ctypes.util
import datetime
import decimal
import json
import os

ABI_VERSION = 1
Pointer = ctypes.c_void_p


class ArrowSchema(ctypes.Structure):
    pass


class ArrowArray(ctypes.Structure):
    pass


class ArrowArrayStream(ctypes.Structure):
    pass


ArrowSchema._fields_ = [
    ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_char_p), ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("children", ctypes.POINTER(ctypes.POINTER(ArrowSchema))), ("dictionary", Pointer),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowSchema))), ("private_data", Pointer)]
ArrowArray._fields_ = [
    ("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64), ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("buffers", ctypes.POINTER(Pointer)),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowArray))), ("dictionary", Pointer),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowArray))), ("private_data", Pointer)]
_OF_STREAM = ctypes.POINTER(ArrowArrayStream)
ArrowArrayStream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, _OF_STREAM, ctypes.POINTER(ArrowSchema))),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, _OF_STREAM, ctypes.POINTER(ArrowArray))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, _OF_STREAM)),
    ("release", ctypes.CFUNCTYPE(None, _OF_STREAM)), ("private_data", Pointer)]


class _Option(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("value", ctypes.c_char_p)]


def _load():
    name = os.environ.get("STAVE_LIBRARY") or ctypes.util.find_library("stave") or "libstave.so.1"
    library = ctypes.CDLL(name)
    options, error = ctypes.POINTER(_Option), ctypes.POINTER(Pointer)
    signatures = {
        "abi_version": (ctypes.c_int32, []),
        "version": (ctypes.c_char_p, []),
        "error_code": (ctypes.c_int, [Pointer]),
        "status_name": (ctypes.c_char_p, [ctypes.c_int]),
        "error_message": (ctypes.c_char_p, [Pointer]),
        "error_hint": (ctypes.c_char_p, [Pointer]),
        "error_fault": (ctypes.c_char_p, [Pointer]),
        "error_line": (ctypes.c_int32, [Pointer]),
        "error_column": (ctypes.c_int32, [Pointer]),
        "error_length": (ctypes.c_int32, [Pointer]),
        "error_free": (None, [Pointer]),
        "cancel_new": (Pointer, []),
        "cancel_now": (None, [Pointer]),
        "cancel_free": (None, [Pointer]),
        "create": (ctypes.c_int, [ctypes.c_char_p, options, error]),
        "open": (ctypes.c_int, [ctypes.c_char_p, options, error, error]),
        "close": (None, [Pointer]),
        "snapshot": (ctypes.c_uint64, [Pointer]),
        "import": (ctypes.c_int, [ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_char_p), options, Pointer,
                                  error, error]),
        "text_free": (None, [Pointer]),
        "query": (ctypes.c_int, [Pointer, ctypes.c_char_p, options, options, Pointer, _OF_STREAM, error]),
        "report": (ctypes.c_int, [Pointer, ctypes.c_char_p, options, options, Pointer, _OF_STREAM, error]),
        "tables": (ctypes.c_int, [Pointer, _OF_STREAM, error]),
        "columns": (ctypes.c_int, [Pointer, ctypes.c_char_p, _OF_STREAM, error]),
        "reports": (ctypes.c_int, [Pointer, _OF_STREAM, error]),
        "stream_error": (Pointer, [_OF_STREAM]),
        "stream_warnings": (ctypes.c_char_p, [_OF_STREAM]),
    }
    for short, (result, arguments) in signatures.items():
        function = getattr(library, "stave_" + short)
        function.restype, function.argtypes = result, arguments
    if library.stave_abi_version() < ABI_VERSION:
        raise ImportError(f"{name} is too old for this module: its interface is {library.stave_abi_version()}")
    return library


_library = _load()


def version():
    return _library.stave_version().decode()


class Error(Exception):
    """What went wrong. `code` is a name such as "not_found"; of a program also `fault` ("E104"), `hint`, `line`,
    `column` and `length` of its first fault."""

    def __init__(self, handle):
        text = lambda get: get(handle).decode("utf-8", "replace")
        super().__init__(text(_library.stave_error_message))
        self.code = _library.stave_status_name(_library.stave_error_code(handle)).decode()
        self.hint = text(_library.stave_error_hint)
        self.fault = text(_library.stave_error_fault)
        self.line = _library.stave_error_line(handle)
        self.column = _library.stave_error_column(handle)
        self.length = _library.stave_error_length(handle)
        _library.stave_error_free(handle)


def _call(function, *arguments):
    error = Pointer()
    if function(*arguments, ctypes.byref(error)) != 0:
        raise Error(error)


def _text(value):
    """As the interface spells a value: yes and no, lists with commas, dates as ISO."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ",".join(map(_text, value))
    return str(value)


def _options(values):
    """A dict as an array of names and values; a `null` that is a list is given several times."""
    pairs = []
    for name, value in (values or {}).items():
        for one in value if name == "null" and isinstance(value, (list, tuple)) else [value]:
            if one is not None:
                pairs.append(_Option(name.encode(), _text(one).encode()))
    return (_Option * (len(pairs) + 1))(*pairs, _Option(None, None))


def _parameters(values):
    """As `_options`, but truth values as the language spells them."""
    spelt = {name: str(value).lower() if isinstance(value, bool) else value for name, value in (values or {}).items()}
    return _options(spelt)


class Cancel:
    """A wish to stop: `cancel()` may be called from any thread."""

    def __init__(self):
        self._handle = Pointer(_library.stave_cancel_new())

    def cancel(self):
        _library.stave_cancel_now(self._handle)

    def __del__(self):
        _library.stave_cancel_free(self._handle)


def create(path, **options):
    """Makes an empty store. Options: schema (a TOML file), timezone."""
    _call(_library.stave_create, os.fsencode(path), _options(options))


def open(path, **options):
    """Opens the last commit of a store. Options: as_of, threads, memory_limit (bytes)."""
    return Store(path, options)


class Store:
    """A commit of a store. What is imported later shows after `refresh()`."""

    def __init__(self, path, options):
        self.path, self._options, self._handle = path, options, Pointer()
        self.refresh()

    def refresh(self):
        """Goes on to the last commit."""
        newer = Pointer()
        _call(_library.stave_open, os.fsencode(self.path), _options(self._options), ctypes.byref(newer))
        self.close()
        self._handle = newer

    def close(self):
        _library.stave_close(self._handle)
        self._handle = Pointer()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        self.close()

    @property
    def snapshot(self):
        return _library.stave_snapshot(self._handle)

    def query(self, program, parameters=None, cancel=None, **options):
        """Runs a program that has one result. Options: now, metrics, origin, skip_damaged, threads, memory_limit."""
        return self._ask(_library.stave_query, program, parameters, cancel, options)

    def report(self, name, parameters=None, cancel=None, **options):
        return self._ask(_library.stave_report, name, parameters, cancel, options)

    def _ask(self, function, text, parameters, cancel, options):
        handle = cancel._handle if cancel else None
        return Result(lambda stream: _call(function, self._handle, text.encode(), _parameters(parameters),
                                           _options(options), handle, stream))

    def tables(self):
        return Result(lambda stream: _call(_library.stave_tables, self._handle, stream))

    def columns(self, table=None):
        name = table.encode() if table else None
        return Result(lambda stream: _call(_library.stave_columns, self._handle, name, stream))

    def reports(self):
        return Result(lambda stream: _call(_library.stave_reports, self._handle, stream))

    def load(self, table, *files, cancel=None, **options):
        """Imports dumps as one load and gives its summary; the store then is at that commit. Options: those of
        `stave_import` in stave.h, such as max_rejects="0.1%", separator=";", null=["NA"]."""
        names = (ctypes.c_char_p * (len(files) + 1))(*map(os.fsencode, files), None)
        report = Pointer()
        try:
            _call(_library.stave_import, os.fsencode(self.path), table.encode(), names, _options(options),
                  cancel._handle if cancel else None, ctypes.byref(report))
            summary = json.loads(ctypes.cast(report, ctypes.c_char_p).value)
        finally:
            _library.stave_text_free(report)
        if "as_of" not in self._options:
            self.refresh()
        return summary


class Result(collections.abc.Iterator):
    """The rows of an answer as tuples, while it is computed. `columns` has names and Arrow's format strings."""

    def __init__(self, fill):
        self._stream = ArrowArrayStream()
        self._rows, self._is_begun = iter(()), False
        fill(ctypes.byref(self._stream))
        schema = ArrowSchema()
        self._check(self._stream.get_schema(self._stream, schema))
        try:
            fields = [schema.children[i].contents for i in range(schema.n_children)]
            self.columns = [(field.name.decode(), field.format.decode()) for field in fields]
        finally:
            schema.release(schema)

    def _check(self, status):
        if status != 0:
            raise Error(Pointer(_library.stave_stream_error(self._stream)))

    def __next__(self):
        self._is_begun = True
        for row in self._rows:
            return row
        while self._stream.release:
            batch = ArrowArray()
            self._check(self._stream.get_next(self._stream, batch))
            if not batch.release:
                break
            try:
                columns = [_values(format, batch.children[i].contents) for i, (_, format) in enumerate(self.columns)]
                self._rows = iter(list(zip(*columns)))
            finally:
                batch.release(batch)
            for row in self._rows:
                return row
        raise StopIteration

    def dicts(self):
        """The rows by name of column."""
        names = [name for name, _ in self.columns]
        return (dict(zip(names, row)) for row in self)

    @property
    def warnings(self):
        """Of the run, once it is at its end."""
        return _library.stave_stream_warnings(self._stream).decode().splitlines()

    def close(self):
        """Stops the run where it is not at its end."""
        if self._stream.release:
            self._stream.release(self._stream)

    def __del__(self):
        self.close()

    def __arrow_c_stream__(self, requested_schema=None):
        """The result as a PyCapsule, for whoever takes Arrow; nothing of it may have been read before."""
        if self._is_begun or not self._stream.release:
            raise ValueError("This result was read or closed before; ask again.")
        moved = ArrowArrayStream.from_buffer_copy(self._stream)
        ctypes.memset(ctypes.addressof(self._stream), 0, ctypes.sizeof(self._stream))
        return _capsule(moved)


# Streams that were given away stay alive until their capsule goes.
_given = {}
_CAPSULE = b"arrow_array_stream"
_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.restype, _capsule_pointer.argtypes = Pointer, [Pointer, ctypes.c_char_p]
_Destructor = ctypes.PYFUNCTYPE(None, Pointer)
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype, _new_capsule.argtypes = ctypes.py_object, [Pointer, ctypes.c_char_p, _Destructor]


@_Destructor
def _drop_capsule(capsule):
    stream = _given.pop(_capsule_pointer(capsule, _CAPSULE))
    if stream.release:  # nobody took it
        stream.release(stream)


def _capsule(stream):
    address = ctypes.addressof(stream)
    _given[address] = stream
    return _new_capsule(address, _CAPSULE, _drop_capsule)


_EPOCH_DAY = datetime.date(1970, 1, 1)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def _at(array, buffer, kind, count):
    return (kind * count).from_address(array.buffers[buffer]) if count else ()


def _bits(array, buffer):
    count = array.offset + array.length
    packed = _at(array, buffer, ctypes.c_uint8, (count + 7) // 8)
    return [packed[i >> 3] >> (i & 7) & 1 == 1 for i in range(array.offset, count)]


def _numbers(array, kind):
    return _at(array, 1, kind, array.offset + array.length)[array.offset:]


def _pieces(array):
    ends = _at(array, 1, ctypes.c_int32, array.offset + array.length + 1)[array.offset:]
    return list(zip(ends, ends[1:]))


def _texts(array):
    pieces = _pieces(array)
    text = ctypes.string_at(array.buffers[2], pieces[-1][1]) if pieces and pieces[-1][1] else b""
    return [text[begin:end].decode() for begin, end in pieces]


def _decimals(array, scale):
    # Exact for every decimal of the language, whatever the caller's context.
    context = decimal.Context(prec=38)
    count = array.offset + array.length
    text = ctypes.string_at(array.buffers[1], 16 * count)
    whole = (int.from_bytes(text[16 * i:16 * i + 16], "little", signed=True) for i in range(array.offset, count))
    return [decimal.Decimal(number).scaleb(-scale, context) for number in whole]


def _lists(array):
    parts = _values("u", array.children[0].contents)
    return [parts[begin:end] for begin, end in _pieces(array)]


def _date(days):
    """A date; years that Python has none for stay days since 1970."""
    try:
        return _EPOCH_DAY + datetime.timedelta(days)
    except OverflowError:
        return days


def _time(microseconds):
    try:
        return _EPOCH + datetime.timedelta(microseconds=microseconds)
    except OverflowError:
        return microseconds


_READERS = {
    "l": lambda array: list(_numbers(array, ctypes.c_int64)),
    "g": lambda array: list(_numbers(array, ctypes.c_double)),
    "b": lambda array: _bits(array, 1),
    "u": _texts,
    "tdD": lambda array: [_date(days) for days in _numbers(array, ctypes.c_int32)],
    "tsu:UTC": lambda array: [_time(count) for count in _numbers(array, ctypes.c_int64)],
    "+l": _lists,
}


def _values(format, array):
    """A column's cells; None for null."""
    if array.length == 0:
        return []
    if format.startswith("d:"):
        values = _decimals(array, int(format.split(",")[1]))
    else:
        values = _READERS[format](array)
    if array.null_count == 0 or not array.buffers[0]:
        return values
    return [value if is_there else None for value, is_there in zip(values, _bits(array, 0))]
