"""The module against the installed library: STAVE_LIBRARY names it. pyarrow is asked too, where it is installed."""
import ctypes
import datetime
import decimal
import gc
import pathlib
import shutil
import tempfile
import threading
import unittest

import stave

try:
    import pyarrow
except ImportError:
    pyarrow = None

PLAYS = """user_id,track_id,listen_time,likes
1,a,2025-05-01 10:00:00,5
2,b,2025-05-02 11:00:00,
"""


class StaveFromPython(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stave-python-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = self.folder / "music.stave"
        stave.create(self.path)
        self.store = stave.open(self.path, threads=2)
        self.addCleanup(self.store.close)
        self.load(PLAYS)

    def load(self, text, table="streams", **options):
        dump = self.folder / f"{table}-{len(list(self.folder.iterdir()))}.csv"
        dump.write_text(text)
        return self.store.load(table, dump, rejects=self.folder, **options)

    def test_rows_and_names(self):
        result = self.store.query("from streams | sort user_id | select user_id, track_id, likes")
        self.assertEqual([("user_id", "l"), ("track_id", "u"), ("likes", "l")], result.columns)
        self.assertEqual([(1, "a", 5), (2, "b", None)], list(result))
        result = self.store.query("from streams | summarize plays = count() by day | sort day")
        self.assertEqual({"day": datetime.date(2025, 5, 1), "plays": 1}, next(result.dicts()))

    def test_every_type(self):
        row = next(self.store.query(
            "from streams | where user_id == 1 | select b = likes == 5, f = 0.5::f64, d = date(listen_time), "
            "t = listen_time, m = -12.34::decimal(10,2), w = 1.5::decimal(30,1), l = split('x,' + track_id, ','), "
            "s = 'ä', n = null".replace("'", '"')))
        self.assertEqual((True, 0.5, datetime.date(2025, 5, 1),
                          datetime.datetime(2025, 5, 1, 10, tzinfo=datetime.timezone.utc),
                          decimal.Decimal("-12.34"), decimal.Decimal("1.5"), ["x", "a"], "ä", None), row)

    def test_parameters_and_reports(self):
        program = "param u: i64; param on: bool; from streams | where user_id == $u and $on | select track_id"
        self.assertEqual([("b",)], list(self.store.query(program, {"u": 2, "on": True})))
        self.assertEqual([], list(self.store.query(program, {"u": 2, "on": False})))
        self.assertTrue(list(self.store.report("kpi.top_tracks", {"k": 1})))

    def test_what_a_store_has(self):
        self.assertIn(("streams", "fact", 2), [row[:3] for row in self.store.tables()])
        self.assertIn(("users", "user_id", "i64", True, None), list(self.store.columns("users")))
        self.assertIn("kpi.daily_genre", [row[0] for row in self.store.reports()])

    def test_errors_say_what_and_where(self):
        with self.assertRaises(stave.Error) as caught:
            self.store.query("from streams\n| where user_ip == 1")
        self.assertEqual(("invalid_program", 2, 9, 7),
                         (caught.exception.code, caught.exception.line, caught.exception.column, caught.exception.length))
        self.assertIn("user_id", caught.exception.hint)
        with self.assertRaises(stave.Error) as caught:
            stave.open(self.folder / "none.stave")
        self.assertEqual("not_found", caught.exception.code)
        result = self.store.query("from streams | select x = user_id * 9223372036854775807 * 2")
        with self.assertRaises(stave.Error) as caught:
            list(result)
        self.assertEqual("overflow", caught.exception.code)

    def test_a_load_tells_what_it_did(self):
        summary = self.load("user_id,track_id,listen_time\n3,c,2025-05-03\n4,d,never\n", max_rejects=1)
        self.assertEqual(("imported", 1, 1), (summary["status"], summary["rows"], summary["rejected"]))
        self.assertEqual([(3,)], list(self.store.query("from streams | summarize n = count()")))
        summary = self.load("shop;city\n1;Bonn\n2;NA\n", "shops", create=True, key="shop", separator=";", null=["NA"])
        self.assertEqual([("Bonn",), (None,)], list(self.store.query("from shops | sort shop | select city")))

    def test_an_earlier_commit(self):
        before = self.store.snapshot
        self.load("user_id,track_id,listen_time\n3,c,2025-05-03\n")
        with stave.open(self.path, as_of=before) as earlier:
            self.assertEqual([(2,)], list(earlier.query("from streams | summarize n = count()")))

    def test_cancel_and_close(self):
        rows = "".join(f"{i},a,2025-05-04\n" for i in range(3000))
        self.load("user_id,track_id,listen_time\n" + rows)
        endless = ("from streams | derive o = 1 | join inner many (from streams | derive o = 1 | select o) as x on o == x.o "
                   "| join inner many (from streams | derive o = 1 | select o) as y on o == y.o | summarize n = count()")
        cancel = stave.Cancel()
        result = self.store.query(endless, cancel=cancel)
        threading.Timer(0.05, cancel.cancel).start()
        with self.assertRaises(stave.Error) as caught:
            next(result)
        self.assertEqual("cancelled", caught.exception.code)
        self.store.query(endless).close()

    def test_a_capsule_takes_the_stream_along(self):
        result = self.store.query("from streams | summarize n = count()")
        capsule = result.__arrow_c_stream__()
        stream = stave.ArrowArrayStream.from_address(stave._capsule_pointer(id(capsule), b"arrow_array_stream"))
        batch = stave.ArrowArray()
        self.assertEqual(0, stream.get_next(stream, batch))
        self.assertEqual([2], stave._values("l", batch.children[0].contents))
        batch.release(batch)
        self.assertEqual([], list(result))
        with self.assertRaises(ValueError):
            result.__arrow_c_stream__()
        begun = self.store.query("from streams | sort user_id | select user_id")
        next(begun)
        with self.assertRaises(ValueError):
            begun.__arrow_c_stream__()
        self.assertEqual(1, len(stave._given))
        del stream, capsule
        gc.collect()
        self.assertEqual({}, stave._given)

    @unittest.skipUnless(pyarrow, "pyarrow is not installed")
    def test_pyarrow_takes_it(self):
        table = pyarrow.table(self.store.query("from streams | sort user_id | select user_id, track_id, day"))
        self.assertEqual({"user_id": [1, 2], "track_id": ["a", "b"],
                          "day": [datetime.date(2025, 5, 1), datetime.date(2025, 5, 2)]}, table.to_pydict())


if __name__ == "__main__":
    unittest.main()
