"""Rules for data on the command line, and the summary of an import as JSON."""
import json
import pathlib
import re
import unittest

from stave import StaveTest

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/quality.md"
PLAYS = "user_id,track_id,listen_time,likes\n1,a,2025-05-01 10:00:00,5\n2,b,2025-05-02 11:00:00,-1\n"
RULE = '[[rule]]\nname = "likes are counted"\ntable = "streams"\ncheck = "range"\ncolumn = "likes"\nmin = 0\n'


class RulesTest(StaveTest):
    def setUp(self):
        super().setUp()
        self.plays = self.folder / "plays.csv"
        self.plays.write_text(PLAYS)
        self.rules = self.folder / "rules.toml"

    def load_with(self, rules, *arguments):
        self.rules.write_text(rules)
        return self.run_stave("import", self.store, "streams", self.plays, "--rules", self.rules, *arguments)

    def test_a_broken_rule_refuses_the_load_and_shows_rows(self):
        done = self.load_with(RULE)
        self.assertEqual(1, done.returncode)
        for part in ["likes are counted", "likes must be at least 0 (1 violation)", "likes=-1, user_id=2"]:
            self.assertIn(part, done.stderr)
        self.assertEqual([["0"]], self.query("from streams | summarize n = count()"))

    def test_a_warning_is_told_and_the_load_commits(self):
        done = self.load_with(RULE + 'severity = "warn"\n')
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("warning: likes are counted: likes must be at least 0 (1 violation)", done.stdout)
        self.assertIn("    likes=-1, user_id=2", done.stdout)
        self.assertEqual([["2"]], self.query("from streams | summarize n = count()"))

    def test_the_summary_as_json(self):
        done = self.load_with(RULE + 'severity = "warn"\n', "--summary", "json", "--quiet")
        report = json.loads(done.stdout)
        self.assertEqual(("imported", "streams", [str(self.plays)], None),
                         tuple(report[key] for key in ["status", "table", "files", "error"]))
        self.assertEqual((1, 2, 0, None, 2), tuple(report[key] for key in [
            "load_id", "rows", "rejected", "rejects_path", "days"]))
        self.assertEqual([("likes are counted", "warn", False, 1)],
                         [(rule["rule"], rule["severity"], rule["kept"], rule["violations"])
                          for rule in report["rules"]])
        self.assertEqual(["user_id", "track_id", "listen_time", "likes"],
                         [column["header"] for column in report["inputs"][0]["columns"]])
        again = json.loads(self.load_with(RULE, "--summary", "json").stdout)
        self.assertEqual(("nothing_new", [str(self.plays)]), (again["status"], again["skipped_files"]))

    def test_every_key_of_the_summary_is_documented(self):
        report = json.loads(self.load_with(RULE + 'severity = "warn"\n', "--summary", "json").stdout)
        page = PAGE.with_name("command-line.md").read_text()
        for key in [*report, *report["inputs"][0], *report["inputs"][0]["columns"][0], *report["rules"][0]]:
            self.assertIn(f"`{key}`", page)

    def test_a_failure_as_json(self):
        done = self.load_with(RULE, "--summary", "json")
        self.assertEqual(1, done.returncode)
        report = json.loads(done.stdout)
        self.assertEqual(("failed", "invalid_data"), (report["status"], report["error"]["code"]))
        self.assertEqual(["likes=-1, user_id=2, track_id=b, listen_time=2025-05-02 11:00:00"],
                         report["rules"][0]["examples"])
        self.assertNotIn("rows", report)
        self.assertIn("likes are counted", done.stderr)

    def test_a_trial_run_checks_them_too(self):
        report = json.loads(self.load_with(RULE + 'severity = "warn"\n', "--dry-run", "--summary", "json").stdout)
        self.assertEqual(("dry_run", 1), (report["status"], report["rules"][0]["violations"]))

    def test_faults_of_rules_name_file_and_line(self):
        for text, line in [(RULE + 'sevrity = "warn"\n', 7), (RULE.replace('"range"', '"rang"'), 4),
                           (RULE + "[[rule]\n", 7), (RULE.replace("0", '"none"'), 1),
                           (RULE.replace('"streams"', '"strems"'), 1), (RULE.replace('"likes"', '"likse"'), 1)]:
            done = self.load_with(text)
            self.assertEqual(2, done.returncode, text)
            self.assertIn(f"{self.rules}, line {line}", done.stderr)
        self.assertEqual([["0"]], self.query("from streams | summarize n = count()"))

    def test_the_document_has_rules_that_can_be_read(self):
        example = re.search(r"```toml\n(.*?)```", PAGE.read_text(), re.S).group(1)
        self.plays.write_text("user_id,track_id,listen_time,likes,country_code,duration_sec,platform\n"
                              "1,a,2025-05-01 10:00:00,5,SE,60,tv\n")
        done = self.load_with(example)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("platforms that we know", done.stdout)
        checks = set(re.findall(r"^\| `(\w+)` \| `", PAGE.read_text().split("## Checks")[1], re.M))
        offered = self.load_with(RULE.replace('"range"', '"rang"')).stderr
        self.assertEqual(checks, set(re.search(r"check is one of (.*?), and not", offered).group(1).split(", ")))


if __name__ == "__main__":
    unittest.main()
