"""The command line: help that teaches, names that are mistyped, formats, files, pipes and exit codes."""
import csv
import io
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time
import unittest
import xml.etree.ElementTree
import zipfile

from stave import BINARY, StaveTest

COMMANDS = ["init", "import", "query", "check", "fmt", "shell", "sql", "report", "refresh", "dashboard", "describe", "gen", "completion", "verify",
            "inspect", "snapshots", "imports", "gc", "compact", "repair", "backup", "upgrade", "watch", "royalty", "export"]
DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/command-line.md"
PLAYS = "user_id,track_id,listen_time,duration_sec\n1,a,2025-05-01 10:00:00,60\n2,b,2025-05-02 11:00:00,\n"


class CommandLine(StaveTest):
    def ends(self, code, *arguments, **options):
        done = subprocess.run([BINARY, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
                              timeout=300, check=False, **options)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return done

    def error(self, code, *arguments):
        done = self.ends(code, *arguments)
        self.assertEqual("", done.stdout)
        self.assertTrue(done.stderr.startswith("error"), done.stderr)
        return done.stderr

    def test_stave_alone_shows_how_to_begin(self):
        guide = self.ends(0).stdout
        for word in ["stave init", "stave import", "stave report", "stave query", "--help"]:
            self.assertIn(word, guide)

    def test_version_names_format_target_and_licence(self):
        text = self.ends(0, "--version").stdout
        for word in ["stave ", "format", "kernels", "Apache"]:
            self.assertIn(word, text)

    def test_every_command_teaches_with_examples(self):
        for command in COMMANDS:
            text = self.ends(0, command, "--help").stdout
            self.assertIn("Examples:\n  ", text)
            self.assertIn(f"stave {command} ", text)

    def test_the_document_has_every_option_and_no_other(self):
        parts = re.split(r"^## `stave (\w+)", DOCUMENT.read_text(), flags=re.M)
        shared = set(re.findall(r"--[a-z][a-z-]+", parts[0]))
        documented = dict(zip(parts[1::2], parts[2::2]))
        self.assertEqual(COMMANDS, list(documented))
        for command, text in documented.items():
            helped = set(re.findall(r"^  (?:-\w,)?(--[a-z][a-z-]+)", self.ends(0, command, "--help").stdout, re.M))
            table = set(re.findall(r"^\| `(?:-\w, )?(--[a-z][a-z-]+)", text, re.M))
            self.assertEqual(helped - shared, table, command)
            self.assertTrue(shared - {"--version"} <= helped, command)

    def test_check_tells_columns_and_types_without_values(self):
        program = "param d: date; from streams | where day >= $d | summarize n = count(), x = avg(duration_sec) by day"
        done = self.ends(0, "check", self.store, program, "--format", "csv")
        self.assertEqual("result,column,type\n1,day,date\n1,n,i64\n1,x,f64\n", done.stdout)
        several = self.ends(0, "check", self.store, "param n: i64; from users | take $n | select user_id; from tracks | select track_name",
                            "--format", "csv", "--quiet").stdout
        self.assertEqual(["1,user_id", "2,track_name"], [line.rsplit(",", 1)[0] for line in several.split()[1:]])
        self.assertIn("E104", self.error(2, "check", self.store, "from streams | where durration > 1"))

    def test_check_needs_no_store_where_there_is_a_schema(self):
        schema = self.folder / "radio.toml"
        schema.write_text('name = "radio"\n[[table]]\nname = "songs"\nkind = "dimension"\nkey = ["song"]\n'
                          'columns = [{ name = "song", type = "string", domain = "songs" }]\n')
        done = self.ends(0, "check", "--schema", schema, "from songs", "--format", "csv")
        self.assertEqual("result,column,type\n1,song,string\n", done.stdout)
        self.assertIn("E101", self.error(2, "check", "--schema", "music", "from albumz"))
        self.assertIn("Leave one", self.error(2, "check", self.store, "from songs", "--schema", schema))
        self.assertIn("no store", self.error(2, "check", "-f", self.folder / "radio.toml"))

    def test_metrics_come_from_a_file(self):
        self.load("streams", PLAYS)
        metrics = self.folder / "ours.stq"
        metrics.write_text("# ours\nmetric plays = count();\nmetric longest(x) = max(x);\n")
        program = "from streams | summarize plays, longest = longest(duration_sec)"
        done = self.ends(0, "query", self.store, program, "--metrics", metrics, "--format", "csv")
        self.assertEqual("plays,longest\n2,60\n", done.stdout)
        self.ends(0, "check", self.store, program, "--metrics", metrics)
        shell = self.ends(0, "shell", self.store, "--metrics", metrics, "--format", "csv", input=program + ";")
        self.assertIn("2,60", shell.stdout)
        self.assertIn("q.stq:1:", self.error(2, "query", self.store, "-f", self.write("q.stq", "from streams | summarize x = 1 / plais"),
                                             "--metrics", metrics))
        metrics.write_text("metric plays = count();\nfrom streams;\n")
        self.assertIn("ours.stq:2:1", self.error(2, "query", self.store, program, "--metrics", metrics))
        metrics.write_text("\nmetric plays = count()")
        self.assertIn("ours.stq:2:23", self.error(2, "query", self.store, program, "--metrics", metrics))
        metrics.write_text("metric plays = cuont();\n")
        self.assertIn("ours.stq:1:16", self.error(2, "query", self.store, program, "--metrics", metrics))

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def test_fmt_prints_checks_and_rewrites(self):
        self.assertEqual("from streams | take 5\n", self.ends(0, "fmt", "from streams|take 5").stdout)
        file = self.folder / "q.stq"
        file.write_text("# mine\nfrom streams|take   5 # five\n")
        self.ends(1, "fmt", "-f", file, "--check")
        self.ends(0, "fmt", "-f", file, "--in-place")
        self.assertEqual("# mine\nfrom streams | take 5  # five\n", file.read_text())
        self.ends(0, "fmt", "-f", file, "--check")
        self.assertIn("E002", self.error(2, "fmt", "from streams | where"))
        self.assertIn("-f", self.error(2, "fmt", "from streams", "--in-place"))

    def test_mistyped_names_are_recognised(self):
        self.assertIn("`import`", self.error(2, "imprt", self.store))
        self.assertIn("`--max-rejects`", self.error(2, "import", self.store, "streams", "x.csv", "--max-reject", "1"))
        self.assertIn("`streams`", self.error(2, "describe", self.store, "strems"))
        self.assertIn("`kpi.hourly`", self.error(2, "report", self.store, "kpi.hourli"))
        self.assertIn("csv", self.error(2, "describe", self.store, "--format", "cvs"))
        self.assertIn("`from`", self.error(2, "report", self.store, "kpi.daily_genre", "-p", "fron=2025-05-01"))

    def test_wrong_arguments_are_refused_in_a_sentence(self):
        self.assertIn("STORE", self.error(2, "init"))
        self.assertIn("whole number", self.error(2, "gen", "dumps", "--streams", "many"))
        self.assertIn("size", self.error(2, "describe", self.store, "--memory-limit", "2GiBi"))
        self.assertIn("NAME=VALUE", self.error(2, "query", self.store, "from streams", "-p", "x"))
        self.assertIn("no program", self.error(2, "query", self.store))
        self.assertIn("10 or --max-rejects", self.error(2, "import", self.store, "streams", "x", "--max-rejects", "-3%"))

    def test_a_missing_file_names_its_neighbour(self):
        (self.folder / "streams.csv").write_text(PLAYS)
        self.assertIn("`streams.csv`", self.error(1, "import", self.store, "streams", "stream.csv"))

    def test_errors_as_json(self):
        done = self.ends(2, "query", self.store, "from streems", "--errors", "json")
        fault = json.loads(done.stderr.splitlines()[0])
        self.assertEqual(("invalid_program", 2, 1), (fault["error"], fault["exit_code"], fault["line"]))
        self.assertTrue(fault["code"].startswith("E"))
        fault = json.loads(self.ends(1, "verify", "nowhere", "--errors=json").stderr)
        self.assertEqual(("not_found", 1), (fault["error"], fault["exit_code"]))

    def test_a_folder_and_a_pattern_are_read_by_name(self):
        dumps = self.folder / "dumps"
        dumps.mkdir()
        (dumps / "1.csv").write_text(PLAYS)
        (dumps / "2.csv").write_text(PLAYS.replace("60", "61"))
        (dumps / "notes.txt").write_text("not a dump")
        (dumps / "rejects.csv").write_text("file,line,byte,column,code,reason,raw\n")
        self.stave("import", self.store, "streams", dumps)
        (dumps / "rejects.csv").unlink()
        self.assertEqual([["4"]], self.query("from streams | summarize n = count()"))
        self.stave("import", self.store, "streams", "dumps/*.csv", "--again")
        self.assertEqual([["8"]], self.query("from streams | summarize n = count()"))

    def test_values_and_headers_are_read_as_options_say(self):
        (self.folder / "map.toml").write_text('When = "listen_time"\nLength = { column = "duration_sec", multiply = 60 }\n')
        (self.folder / "plays.csv").write_text(
            "User ID;Track ID;When;Length;Likes\n"
            "1;a;31.05.2025 14:05;2;1.234\n1;a;31.05.2025 14:05;2;1.234\n2;b;01.06.2025 01:00;0,5;-\n3;b;n/a;;\n")
        done = self.ends(0, "import", self.store, "streams", "plays.csv", "--map", "map.toml", "--null", "n/a", "--null", "-",
                         "--date-format", "%d.%m.%Y %H:%M", "--time-zone", "Europe/Berlin", "--thousands", ".",
                         "--decimal-mark", ",", "--dedup-rows", "--resume")
        self.assertIn("1 rows left out", done.stdout)
        self.assertEqual([["1", "2025-05-31 12:05:00", "120", "1234"], ["2", "2025-05-31 23:00:00", "30", ""],
                          ["3", "", "", ""]],
                         self.query("from streams | select user_id, listen_time, duration_sec, likes | sort user_id"))
        self.assertIn("%Y", self.error(2, "import", self.store, "streams", "plays.csv", "--date-format", "%Q"))
        self.assertIn("one character", self.error(2, "import", self.store, "streams", "plays.csv", "--thousands", "ab"))

    def test_a_table_is_made_and_its_rejects_are_corrected(self):
        (self.folder / "songs.csv").write_text("code,title,year\nx1,One,1999\n,Two,2000\n")
        self.ends(3, "import", self.store, "songs2", "songs.csv", "--create", "--key", "code", "--max-rejects", "1")
        rows = self.folder / "rejects-songs.csv"
        self.assertEqual("code,title,year\n,Two,2000\n", rows.read_text())
        rows.write_text(rows.read_text().replace(",Two", "x2,Two"))
        self.ends(0, "import", self.store, "songs2", "rejects-songs.csv")
        self.assertEqual([["x1", "1999"], ["x2", "2000"]],
                         self.query("from songs2 | select code, year | sort code"))

    def test_standard_input_is_a_file_and_a_program(self):
        self.ends(0, "import", self.store, "streams", "-", input=PLAYS)
        done = self.ends(0, "query", self.store, "-f", "-", "--format", "tsv", input="from streams | summarize n = count()")
        self.assertEqual("n\n2\n", done.stdout)
        done = self.ends(0, "query", self.store, "-", "--format", "tsv", input="from streams | summarize n = count()")
        self.assertEqual("n\n2\n", done.stdout)
        done = self.ends(0, "check", "--schema", "music", "-", "--format", "csv", input="from streams | select duration_sec")
        self.assertEqual("result,column,type\n1,duration_sec,i64\n", done.stdout)
        self.assertEqual("from streams | take 5\n", self.ends(0, "fmt", "-", input="from streams|take 5").stdout)

    def test_a_file_appears_whole_or_not_at_all(self):
        self.load("streams", PLAYS)
        path = self.folder / "out.csv"
        self.stave("query", self.store, "from streams | select user_id", "--format", "csv", "-o", path)
        self.assertEqual("user_id\n1\n2\n", path.read_text())
        self.error(2, "query", self.store, "from streems", "-o", path)
        self.assertEqual("user_id\n1\n2\n", path.read_text())
        self.assertEqual([], [name for name in os.listdir(self.folder) if ".part-" in name])

    def test_every_format_says_the_same(self):
        self.load("streams", PLAYS)
        program = "from streams | select user_id, duration_sec | sort user_id"

        def printed(name):
            return self.stave("query", self.store, program, "--format", name)

        rows = [{"user_id": 1, "duration_sec": 60}, {"user_id": 2, "duration_sec": None}]
        self.assertEqual(rows, json.loads(printed("json")))
        self.assertEqual(rows, [json.loads(line) for line in printed("jsonl").splitlines()])
        self.assertEqual([["1", "60"], ["2", ""]], list(csv.reader(io.StringIO(printed("csv"))))[1:])
        self.assertEqual("user_id\tduration_sec\n1\t60\n2\t\n", printed("tsv"))
        self.assertIn("| ", printed("md"))
        self.assertIn("2 rows", printed("table"))

    def test_the_name_of_the_file_says_the_format(self):
        for name, begin in [("a.csv", b"n\n"), ("a.jsonl", b'{"n"'), ("a.html", b"<!DOCTYPE html>"), ("a.xlsx", b"PK"), ("a", b"n\n\xe2")]:
            self.stave("query", self.store, "from streams | summarize n = count()", "-o", self.folder / name)
            self.assertTrue((self.folder / name).read_bytes().startswith(begin), name)
        self.stave("query", self.store, "from streams | summarize n = count()", "-o", self.folder / "b.csv", "--format", "tsv")

    def test_a_page_holds_every_result_and_no_markup_of_the_data(self):
        self.load("tracks", 'track_id,track_name\na,<script>alert(1)</script>\nb,\n')
        page = self.stave("query", self.store, "from tracks | select track_id, track_name; from tracks | summarize n = count()",
                          "--format", "html")
        self.assertNotIn("<script", page)
        self.assertIn("&lt;script&gt;", page)
        self.assertEqual(2, page.count("<table>"))
        self.assertIn('<td class="null">null</td>', page)
        self.assertTrue(page.endswith("</html>\n"))

    def test_a_workbook_has_typed_cells(self):
        self.load("streams", PLAYS)
        path = self.folder / "w.xlsx"
        program = ("from streams | sort user_id | select user_id, listen_time, day, duration_sec, big = 1234567890123456789, "
                   'price = 1.50, long = duration_sec > 9, text = "a<b"; from users | select user_id')
        self.stave("query", self.store, program, "-o", path)
        with zipfile.ZipFile(path) as book:
            sheet = xml.etree.ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
            self.assertIn("xl/worksheets/sheet2.xml", book.namelist())
        space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
        rows = [[(cell.get("t", "n"), "".join(cell.itertext())) for cell in row] for row in sheet.findall(".//x:row", space)]
        self.assertEqual(("inlineStr", "user_id"), rows[0][0])
        self.assertEqual([("n", "1"), ("n", "45778.41666666666"), ("n", "45778"), ("n", "60"), ("inlineStr", "1234567890123456789"),
                          ("n", "1.5"), ("b", "1"), ("inlineStr", "a<b")], rows[1])
        self.assertEqual(6, len(rows[2]), "null has no cell")
        again = self.folder / "v.xlsx"
        self.stave("query", self.store, program, "-o", again)
        self.assertEqual(path.read_bytes(), again.read_bytes())
        self.load("tracks", "track_id,track_name\na," + "x" * 40000 + "\n")
        self.assertIn("track_name", self.error(1, "query", self.store, "from tracks | select track_name", "-o", path))
        self.assertEqual(path.read_bytes(), again.read_bytes())

    def completed(self, *words):
        return self.ends(0, "completion", "--words", "--", *words).stdout.split("\n")[:-1]

    def test_completion_knows_commands_options_tables_reports_and_columns(self):
        self.assertEqual(["query"], self.completed("qu"))
        self.assertIn("--max-rejects", self.completed("import", "--max"))
        self.assertEqual(["xlsx"], self.completed("query", "--format", "x"))
        self.assertEqual([":files"], self.completed("query", ""))
        self.assertIn("streams", self.completed("import", self.store, "str"))
        self.assertEqual(["kpi.hour_of_day", "kpi.hourly"], self.completed("report", self.store, "kpi.ho"))
        self.assertEqual(["from="], self.completed("report", self.store, "kpi.hourly", "-p", "fr"))
        self.assertEqual(["from streams | where user.country"], self.completed("query", self.store, "'from streams | where user.cou"))
        self.assertEqual([], self.completed("query", "nowhere.stave", "'from str"))
        self.assertIn("Name bash", self.error(2, "completion", "csh"))

    @unittest.skipUnless(shutil.which("bash"), "bash is not installed")
    def test_bash_completes(self):
        script = self.write("stave.bash", self.stave("completion", "bash"))
        ask = f"source {script}; COMP_WORDS=({BINARY} report {self.store} kpi.top_g); COMP_CWORD=3; _stave; echo ${{COMPREPLY[@]}}"
        done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual("kpi.top_genres\n", done.stdout)

    def test_csv_out_is_csv_in(self):
        text = 'track_id,track_name,artists\na,"one, ""two""",\nb,"",x\n'
        self.load("tracks", text)
        out = self.stave("query", self.store, "from tracks | select track_id, track_name, artists", "--format", "csv")
        self.assertEqual(text, out)

    def test_a_closed_pipe_ends_cleanly(self):
        self.stave("gen", "dumps", "--streams", 50_000, "--tracks", 100, "--users", 100, "--days", 2)
        self.stave("import", self.store, "streams", "dumps/streams.csv")
        command = f"{BINARY} query {self.store} 'from streams' --format csv | head -1; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60)
        self.assertEqual("0", done.stdout.splitlines()[-1])
        self.assertEqual("", done.stderr)

    def test_ctrl_c_ends_cleanly(self):
        running = subprocess.Popen([BINARY, "gen", "dumps", "--streams", "2000000000"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        dumps = self.folder / "dumps"
        deadline = time.monotonic() + 30
        while not (dumps / "streams.csv.part").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        out, errors = running.communicate(timeout=30)
        self.assertEqual((1, ""), (running.returncode, out))
        self.assertTrue(errors.startswith("error: "), errors)
        self.assertEqual([], [name for name in os.listdir(dumps) if name.endswith(".part")])

    def test_quiet_says_nothing(self):
        (self.folder / "plays.csv").write_text(PLAYS)
        for arguments in (["init", "other.stave"], ["import", "other.stave", "streams", "plays.csv"],
                          ["verify", "other.stave"], ["gen", "dumps", "--streams", "10"]):
            done = self.ends(0, *arguments, "--quiet")
            self.assertEqual("", done.stdout + done.stderr)

    def test_csv_without_names(self):
        (self.folder / "plays.csv").write_text(PLAYS)
        self.ends(0, "import", self.store, "streams", "plays.csv")
        program = "from streams | summarize n = count() by user_id | sort user_id"
        named = self.ends(0, "query", self.store, program, "--format", "csv").stdout
        bare = self.ends(0, "query", self.store, program, "--format", "csv", "--no-header").stdout
        self.assertEqual("user_id,n\n" + bare, named)
        self.assertIn("Add --format csv", self.error(2, "query", self.store, program, "--no-header"))

    def test_a_folder_gives_its_dumps_whatever_the_case_of_their_endings(self):
        dumps = self.folder / "dumps"
        dumps.mkdir()
        (dumps / "A.CSV").write_text(PLAYS)
        (dumps / "._A.CSV").write_bytes(b"\0\5\x16\7")
        (dumps / ".b.csv").write_text("half of a copy")
        done = self.ends(0, "import", self.store, "streams", "dumps", "--summary", "json")
        self.assertEqual(["dumps/A.CSV"], json.loads(done.stdout)["files"])

    def test_encodings_by_their_other_spellings(self):
        for number, (name, encoding) in enumerate([("ISO-8859-1", "latin-1"), ("cp1252", "cp1252"), ("UTF8", "utf-8")]):
            (self.folder / "songs.csv").write_bytes(f"n,t\n{number},é\n".encode(encoding))
            self.ends(0, "import", self.store, f"t{number}", "songs.csv", "--create", "--encoding", name)
            self.assertEqual([[str(number), "é"]], self.query(f"from t{number}"))
        self.assertIn("latin-1", self.error(2, "import", self.store, "t", "songs.csv", "--encoding", "koi8-r"))

    def test_the_summary_of_an_import_as_json(self):
        (self.folder / "plays.csv").write_text(PLAYS)
        done = self.ends(0, "import", self.store, "streams", "plays.csv", "--format", "jsonl")
        self.assertEqual(("streams", 2, 0), tuple(json.loads(done.stdout)[key] for key in ("table", "rows", "rejected")))


if __name__ == "__main__":
    unittest.main()
