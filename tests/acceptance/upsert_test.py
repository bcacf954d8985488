"""Reports written where rows of the same key are already: files, folders and statements."""
import csv
import json
import os
import pathlib
import threading
import unittest

from stave import StaveTest

PLAYS = "user_id,track_id,listen_time,duration_sec\n"


class Upsert(StaveTest):
    def setUp(self):
        super().setUp()
        self.store = self.folder / "berlin.stave"
        self.stave("init", self.store, "--timezone", "Europe/Berlin")
        self.load("tracks", 'track_id,track_name,track_genre,artists,duration_ms,popularity\na," A ""x"", it\'s\\",rock,Ann,1000,1\nb,B,,Ben,2000,2\nc,"",pop,Cid,3000,3\n')
        self.load("streams", PLAYS + "1,a,2025-05-01 10:00:00,5\n1,b,2025-05-01 11:00:00,\n1,z,2025-05-02 23:30:00,7\n2,c,2025-05-03 00:30:00,9\n")

    def stave(self, *arguments, code=0):
        done = self.run_stave(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def report(self, *arguments, **options):
        return self.stave("report", self.store, *arguments, **options)

    def test_pieces_of_a_report_come_to_the_whole_in_any_order(self):
        for name in ["kpi.daily_genre", "kpi.top_tracks", "kpi.hourly", "kpi.items", "artist.monthly_listeners"]:
            for ending in ["csv", "tsv", "jsonl", "parquet"]:
                pieces = self.folder / f"pieces-{name}.{ending}"
                whole = self.folder / f"whole-{name}.{ending}"
                for span in [("-p", "from=2025-05-02"), ("-p", "to=2025-05-02"), ("-p", "from=2025-05-03")]:
                    if name == "artist.monthly_listeners":
                        span = ()
                    self.report(name, *span, "--upsert", "-o", pieces)
                self.report(name, "--upsert", "-o", whole)
                before = whole.read_bytes()
                self.assertEqual(pieces.read_bytes(), before, f"{name} {ending}")
                self.report(name, "--upsert", "-o", whole)
                self.assertEqual(whole.read_bytes(), before, "again")
                self.assertEqual([path.name for path in self.folder.glob("*.part-*")], [])
        plain = self.report("kpi.daily_genre", "--format", "csv")
        self.assertEqual((self.folder / "whole-kpi.daily_genre.csv").read_text(), plain)

    def test_rows_of_the_same_key_are_replaced_and_others_stay(self):
        file = self.folder / "days.csv"
        file.write_text("day,genre,listen_count\n2025-04-30,rock,77\n2025-05-01,rock,1000\n2025-05-01,,3\n2025-05-01,\"\",4\n")
        (self.store / "reports").mkdir()
        (self.store / "reports" / "days.stq").write_text(
            "# Plays.\n# key: day, genre\nfrom streams | summarize listen_count = count() by day, genre = track.track_genre | sort day desc, genre\n")
        self.report("days", "--upsert", "-o", file)
        with file.open() as text:
            self.assertEqual([line.rstrip("\n") for line in text],
                             ["day,genre,listen_count", "2025-04-30,rock,77", '2025-05-01,"",4', "2025-05-01,rock,1", "2025-05-01,,1",
                              "2025-05-02,,1", "2025-05-03,pop,1"])

    def test_a_folder_gets_a_file_where_exports_put_theirs(self):
        for _ in range(2):
            self.report("kpi.hourly", "--upsert", "--format", "parquet", "-o", f"{self.folder}/out/")
        files = [str(path.relative_to(self.folder)) for path in (self.folder / "out").rglob("*") if path.is_file()]
        self.assertEqual(files, ["out/kpi.hourly/part-0.parquet"])

    def test_all_parts_of_a_folder_are_read_and_replaced(self):
        folder = self.folder / "out" / "kpi.hourly"
        self.report("kpi.hourly", "--upsert", "--format", "csv", "-o", f"{self.folder}/out/")
        whole = (folder / "part-0.csv").read_text()
        head, *lines = whole.splitlines(keepends=True)
        (folder / "part-0.csv").write_text(head + "".join(lines[:2]))
        (folder / "part-1.csv").write_text(head + "".join(lines[2:]))
        (folder / "notes.txt").write_text("ours")
        self.report("kpi.hourly", "--upsert", "--format", "csv", "-o", f"{self.folder}/out/")
        self.assertEqual({path.name: path.read_text() for path in folder.iterdir()}, {"part-0.csv": whole, "notes.txt": "ours"})
        self.assertEqual([path.name for path in folder.parent.iterdir()], ["kpi.hourly"])
        (folder / "day=2025-05-01").mkdir()
        self.assertIn("holds partitions", self.report("kpi.hourly", "--upsert", "--format", "csv", "-o", f"{self.folder}/out/", code=1))
        self.assertEqual((folder / "part-0.csv").read_text(), whole)

    def test_what_does_not_fit_is_refused_and_the_file_stays(self):
        file = self.folder / "x.csv"
        for text in ["other,columns\n1,2\n", "hour,listen_count\nnoon,many\n"]:
            file.write_text(text)
            self.assertIn("does not hold rows of this result", self.report("kpi.hourly", "--upsert", "-o", file, code=1))
            self.assertEqual(file.read_text(), text)
        file.unlink()
        self.assertIn("have the same key (genre)", self.report("kpi.daily_genre", "--upsert", "--key", "genre", "-o", file, code=1))
        self.assertIn("a column that the result lacks: nothing", self.report("kpi.daily_genre", "--upsert", "--key", "nothing", "-o", file, code=2))
        self.assertIn("Name one with -o FILE", self.report("kpi.hourly", "--upsert", code=2))
        self.assertIn("csv, tsv, jsonl and parquet", self.report("kpi.hourly", "--upsert", "-o", self.folder / "x.html", code=2))
        self.assertIn("is not known", self.report("royalty.exclusions", "--sql-upsert", "postgres", code=2))
        self.assertFalse(file.exists())

    def test_every_report_that_has_a_key_is_told_apart_by_it(self):
        needed = {"artist": "x", "period": "2025-05-01", "year": "2025"}
        for report in json.loads(self.stave("report", self.store, "--format", "json")):
            text = (pathlib.Path(__file__).parents[2] / "query/reports" / f"{report['report']}.stq").read_text()
            if "\n# key: " not in text:
                continue
            given = [part for name, value in needed.items() if f"{name}: " in report["parameters"] and "(required)" in report["parameters"]
                     for part in ("-p", f"{name}={value}") if f"{name}: date (required)" in report["parameters"] or f"{name}: string (required)" in report["parameters"]]
            self.report(report["report"], *given, "--now", "2025-05-04T00:00:00", "--upsert", "-o", self.folder / f"{report['report']}.csv")

    def test_a_pipe_or_device_is_written_to_and_stays_what_it_is(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        read = []
        reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
        reader.start()
        self.report("kpi.hourly", "--format", "csv", "-o", pipe)
        self.assertTrue(pipe.is_fifo())
        reader.join(30)
        self.assertEqual(read, [self.report("kpi.hourly", "--format", "csv")])

    def test_items_for_a_key_value_store(self):
        requests = [json.loads(line) for line in self.report("kpi.items", "--sql-upsert", "dynamodb", "--table", "kpis").splitlines()]
        items = [put["PutRequest"]["Item"] for request in requests for put in request["RequestItems"]["kpis"]]
        self.assertTrue(all(len(request["RequestItems"]["kpis"]) <= 25 for request in requests))
        songs = {item["genre::date"]["S"]: item["top_3_songs"]["L"] for item in items if item["metric-type"]["S"] == "top_3_songs"}
        self.assertEqual(songs["rock::2025-05-01"], [{"S": ' A "x", it\'s\\'}])
        figures = next(item for item in items if item["metric-type"]["S"] == "genre_kpis")
        self.assertEqual(figures["listen_count"], {"N": "1"})
        self.assertNotIn("top_3_songs", figures)
        self.assertIn("no value in its key", self.report("kpi.daily_genre", "--sql-upsert", "dynamodb", code=1))
        rows = list(csv.DictReader(self.report("kpi.items", "--format", "csv").splitlines()))
        self.assertEqual(len(items), len(rows))

    def test_statements_for_a_warehouse(self):
        text = self.report("kpi.top_tracks", "--sql-upsert", "redshift")
        self.assertIn('CREATE TABLE IF NOT EXISTS "kpi"."top_tracks"', text)
        self.assertIn('("kpi"."top_tracks"."genre" = stave_staging."genre" OR ("kpi"."top_tracks"."genre" IS NULL AND stave_staging."genre" IS NULL))', text)
        self.assertIn("' A \"x\", it''s\\\\'", text)
        self.assertTrue(text.startswith("BEGIN;\n") and text.endswith("COMMIT;\n"))


if __name__ == "__main__":
    unittest.main()
