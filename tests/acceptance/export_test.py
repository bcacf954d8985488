"""`stave export`: what lies where, what is refused, and that the manifest tells the truth."""
import csv
import json
import pathlib
import unittest

from stave import StaveTest

PLAYS = ("user_id,track_id,listen_time,duration_sec\n1,a,2025-05-01 10:00:00,60\n2,b,2025-05-02 23:30:00,\n"
         "3,c,2025-06-02 11:00:00,5\n4,d,,7\n")
TRACKS = 'track_id,track_name,track_genre\na,"A, the ""first""",Hip Hop\nb,,hip-hop\nc,C,\n'


class Export(StaveTest):
    def setUp(self):
        super().setUp()
        self.load("tracks", TRACKS)
        self.load("streams", PLAYS)

    def ends(self, code, *arguments):
        done = self.run_stave(*arguments)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def path(self, name):
        return pathlib.Path(self.folder) / name

    def files(self, name):
        root = self.path(name)
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    def test_facts_lie_by_day_and_genre(self):
        self.stave("export", "music.stave", "out", "streams", "--format", "csv")
        manifest = json.loads(self.path("out/manifest.json").read_text())
        [table] = manifest["tables"]
        # Two genres would share a slug: the one that is not the slug itself gets its hash.
        slugs = {one["value"]: one["slug"] for one in table["slugs"]["values"]}
        self.assertEqual("hip-hop", slugs["hip-hop"])
        self.assertRegex(slugs["Hip Hop"], "^hip-hop-[0-9a-f]{8}$")
        self.assertEqual([
            f"streams/day=2025-05-01/genre_key={slugs['Hip Hop']}/part-0.csv",
            "streams/day=2025-05-02/genre_key=hip-hop/part-0.csv",
            "streams/day=2025-06-02/genre_key=_none/part-0.csv",
            "streams/day=__HIVE_DEFAULT_PARTITION__/genre_key=_none/part-0.csv",
        ], [file["path"] for file in table["files"]])
        for file in table["files"]:
            self.assertEqual(file["bytes"], self.path("out/" + file["path"]).stat().st_size)
            with open(self.path("out/" + file["path"]), newline="") as lines:
                rows = list(csv.DictReader(lines))
            self.assertEqual(file["rows"], len(rows))
            self.assertEqual({"listen_time", "track_genre"}, {"listen_time", "track_genre"} & set(rows[0]))
        self.assertEqual(4, table["rows"])
        self.assertNotIn("export.unfinished", self.files("out"))

    def test_an_export_takes_the_place_of_the_one_before(self):
        self.stave("export", "music.stave", "out", "--format", "csv")
        self.stave("export", "music.stave", "out", "streams", "--by", "month", "--format", "jsonl")
        manifest = json.loads(self.path("out/manifest.json").read_text())
        named = [file["path"] for table in manifest["tables"] for file in table["files"]]
        self.assertEqual(sorted(named + manifest["ddl"] + ["manifest.json"]), self.files("out"))
        self.assertEqual({"month=2025-05", "month=2025-06", "month=__HIVE_DEFAULT_PARTITION__"},
                         {path.split("/")[1] for path in named})

    def test_what_an_interrupted_export_left_is_removed(self):
        self.stave("export", "music.stave", "out", "--format", "csv")
        paths = self.files("out")
        self.path("out/manifest.json").unlink()
        left = ["streams/day=2025-05-01/genre_key=old/part-0.csv", "streams/day=2025-05-01/genre_key=old/.part-0.csv.unfinished"]
        for name in left:
            self.path("out/" + name).parent.mkdir(exist_ok=True)
            self.path("out/" + name).write_text("half")
        self.path("out/export.unfinished").write_text("unfinished export of stave\n" + "\n".join(paths + left[:1]) + "\n../music.stave/STAVE\n")
        self.stave("export", "music.stave", "out", "--format", "csv")
        self.assertEqual(paths, self.files("out"))
        self.assertTrue(self.path("music.stave/STAVE").exists())

    def test_folders_of_others_are_left_alone(self):
        self.path("mine").mkdir()
        self.path("mine/notes.txt").write_text("mine")
        self.path("mine/manifest.json").write_text('{"name": "a web page"}')
        self.assertIn("--force", self.ends(1, "export", "music.stave", "mine"))
        self.assertEqual(["manifest.json", "notes.txt"], self.files("mine"))
        self.stave("export", "music.stave", "mine", "tracks", "--force")
        self.assertEqual("mine", self.path("mine/notes.txt").read_text())
        self.assertIn("tracks/part-0.parquet", self.files("mine"))

    def test_threads_change_no_byte(self):
        for threads in [1, 7]:
            self.stave("export", "music.stave", f"out{threads}", "--threads", threads)
        self.assertEqual(self.files("out1"), self.files("out7"))
        for name in self.files("out1"):
            self.assertEqual(self.path("out1/" + name).read_bytes(), self.path("out7/" + name).read_bytes(), name)

    def test_wrong_use_is_named(self):
        self.assertIn("parquet, csv, jsonl", self.ends(2, "export", "music.stave", "out", "--format", "md"))
        self.assertIn("zstd", self.ends(2, "export", "music.stave", "out", "--compression", "rar"))
        self.assertIn("no table", self.ends(1, "export", "music.stave", "out", "stream"))
        self.assertFalse(self.path("out").exists())

    def test_what_was_exported_is_imported(self):
        self.stave("query", "music.stave", "from tracks | select track_id, track_name, track_genre", "--format", "parquet", "-o", "t.parquet")
        self.stave("init", "copy.stave")
        self.stave("import", "copy.stave", "tracks", "t.parquet")
        program = "from tracks | select track_id, track_name, track_genre | sort track_id"
        texts = [self.stave("query", store, program, "--format", "csv") for store in ["music.stave", "copy.stave"]]
        self.assertEqual(*texts)
        self.assertIn("before", self.stave("import", "copy.stave", "tracks", "t.parquet"))
        self.stave("export", "music.stave", "out", "streams")
        self.stave("import", "copy.stave", "streams", "out/streams")
        program = "from streams | select user_id, track_id, listen_time, duration_sec | sort user_id, listen_time"
        texts = [self.stave("query", store, program, "--format", "csv") for store in ["music.stave", "copy.stave"]]
        self.assertEqual(*texts)
        self.assertEqual(5, len(texts[0].splitlines()))
        cut = self.path("t.parquet").read_bytes()[:-9] + b"PAR1"
        self.path("cut.parquet").write_bytes(cut)
        self.assertIn("damaged", self.ends(1, "import", "copy.stave", "tracks", "cut.parquet"))

    def test_integer_keys_of_a_large_domain_are_written_as_they_are(self):
        count = 150_000
        rows = "".join(f"{(i * 7919) % count},{i % 1000},2025-05-02 10:{i % 60:02}:00\n" for i in range(count))
        self.load("ad_impressions", "user_id,campaign_id,shown_at\n" + rows)
        program = "from ad_impressions | select user_id, campaign_id, shown_at | sort user_id"
        expected = self.stave("query", "music.stave", program, "--format", "csv")
        self.assertEqual(count + 1, len(expected.splitlines()))
        for form in ["csv", "parquet"]:
            self.stave("export", "music.stave", f"keys-{form}", "ad_impressions", "--format", form)
            copy = f"copy-{form}.stave"
            self.stave("init", copy)
            self.stave("import", copy, "ad_impressions", f"keys-{form}/ad_impressions")
            self.assertEqual(expected, self.stave("query", copy, program, "--format", "csv"))

    def test_a_table_made_from_parquet_has_its_types(self):
        program = ('from tracks | sort track_id | take 3 | derive n = row_number() over (sort track_id) | select id = track_id, '
                   'digits = if(n == 1, "007", n::string), whole = n::f64, money = n::decimal(30,2), is_first = n == 1, '
                   'd = @2025-05-01 + 3d, t = @2025-05-01T10:00:00 + 5h, n, nothing = if(n > 9, n, null)')
        types = self.stave("check", "music.stave", program, "--format", "csv").splitlines()
        self.stave("query", "music.stave", program, "--format", "parquet", "-o", "typed.parquet")
        self.stave("init", "typed.stave")
        preview = self.stave("import", "typed.stave", "typed", "typed.parquet", "--create", "--key", "id", "--input-format", "parquet", "--dry-run")
        self.assertIn("Parquet", preview)
        self.stave("import", "typed.stave", "typed", "typed.parquet", "--create", "--key", "id")
        self.assertEqual(types, self.stave("check", "typed.stave", "from typed", "--format", "csv").splitlines())
        rows = [self.stave("query", store, text, "--format", "csv") for store, text in [("music.stave", program), ("typed.stave", "from typed | sort id")]]
        self.assertEqual(*rows)
        self.path("plain.csv").write_text("id,a\n1,2\n")
        self.assertIn("no Parquet file", self.ends(1, "import", "typed.stave", "plain", "plain.csv", "--create", "--key", "id", "--input-format", "parquet"))

    def test_rows_of_parquet_that_look_like_its_header_are_rows(self):
        self.path("rows.csv").write_text("--,------\nid,name\nx,y\nid,name\n")
        self.stave("init", "odd.stave")
        self.stave("import", "odd.stave", "odd", "rows.csv", "--create", "--columns", "id,name")
        self.stave("query", "odd.stave", "from odd | sort id, name", "--format", "parquet", "-o", "odd.parquet")
        self.stave("import", "odd.stave", "again", "odd.parquet", "--create")
        self.assertEqual(*[self.stave("query", "odd.stave", f"from {table} | sort id, name", "--format", "csv") for table in ["odd", "again"]])
        self.assertEqual(4, self.stave("query", "odd.stave", "from again", "--format", "csv").count("\n") - 1)

    def test_a_result_is_a_parquet_file(self):
        self.stave("query", "music.stave", "from tracks | sort track_id", "--format", "parquet", "-o", "r.parquet")
        bytes_ = self.path("r.parquet").read_bytes()
        self.assertEqual((b"PAR1", b"PAR1"), (bytes_[:4], bytes_[-4:]))
        two = "from tracks | take 1; from users | take 1"
        self.assertIn("several", self.ends(1, "query", self.store, two, "--format", "parquet", "-o", "two.parquet"))
        self.assertFalse(self.path("two.parquet").exists())
        self.stave("query", "music.stave", "from tracks", "--format", "arrow", "-o", "r.arrow")
        bytes_ = self.path("r.arrow").read_bytes()
        self.assertEqual((b"ARROW1", b"ARROW1"), (bytes_[:6], bytes_[-6:]))


if __name__ == "__main__":
    unittest.main()
