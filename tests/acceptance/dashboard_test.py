"""The dashboard: one file that holds what it shows, asks no network, and treats no text of the store as markup."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from stave import StaveTest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Dashboard(StaveTest):
    def setUp(self):
        super().setUp()
        self.stave("gen", self.folder / "dumps", "--streams", "3000", "--tracks", "200", "--users", "100", "--days", "40", "--quiet")
        for name in ["tracks", "artists", "users", "subscriptions", "pools", "streams"]:
            self.stave("import", self.store, name, self.folder / "dumps" / f"{name}.csv", "--quiet")
        self.load("tracks", 'track_id,track_name,artists,track_genre\nodd,"</script><b>odd","<i>Odd</i>",</script>\n')
        self.load("streams", "user_id,track_id,listen_time\n" + "1,odd,2025-05-03 10:00:00\n" * 500)
        self.page = self.folder / "page.html"
        made = self.run_stave("dashboard", self.store, "-o", self.page, "--title", "Plays & <more>")
        if "built without the chart library" in made.stderr:
            self.skipTest(made.stderr.strip())
        self.assertEqual(0, made.returncode, made.stderr)
        self.text = self.page.read_text()

    def figures(self):
        return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', self.text, re.S).group(1))

    def test_the_figures_are_those_of_the_store(self):
        figures = self.figures()
        plays = int(self.rows("query", self.store, "from streams | summarize n = count()")[1][0][0])
        self.assertEqual(plays, sum(cell[3] for cell in figures["cells"]))
        self.assertEqual(plays, sum(cell[3] for cell in figures["hours_by_genre"]))
        self.assertEqual(plays, sum(cell[3] for cell in figures["hours_by_country"]))
        by_day = self.rows("query", self.store, "from streams | summarize n = distinct(user_id) by day | select n")[1]
        self.assertEqual([int(row[0]) for row in by_day], figures["listeners"])
        genre, plays = self.rows("report", self.store, "kpi.top_genres", "-p", "from=2025-05-03", "-p", "to=2025-05-03", "-p", "k=1")[1][0][2:4]
        there = sum(cell[3] for cell in figures["cells"] if figures["days"][cell[0]] == "2025-05-03" and figures["genres"][cell[1]] == genre)
        self.assertEqual(int(plays), there)

    def test_royalties_are_there_under_two_models(self):
        royalty = self.figures()["royalty"]
        period = ["-p", f"period={royalty['period']}"]
        paid = [row for row in self.rows("report", self.store, "royalty.by_artist", *period)[1] if row[0] and row[3] == royalty["currency"]]
        self.assertEqual([row[2] for row in paid[:10]], [amount for _, amount in royalty["artists"]][:10])
        tiers = [row[:4] for row in self.rows("report", self.store, "royalty.compare", *period)[1] if row[0] and row[4] == royalty["currency"]]
        self.assertEqual(tiers, royalty["models"])
        self.assertGreater(len(tiers), 0)
        self.assertEqual(1.0, royalty["concentration"][-1][1])

    def test_the_page_needs_nothing_else_and_trusts_no_text(self):
        self.assertLess(len(self.text), 3_000_000)
        self.assertIn("<title>Plays &amp; &lt;more&gt;</title>", self.text)
        self.assertNotIn("<b>odd", self.text.replace("<\\/script><b>odd", ""))
        outside = re.sub(r"<script.*?</script>", "", self.text, flags=re.S)
        self.assertEqual([], re.findall(r'(?:src|href)="(?!#)[^"]*"|url\(|@import', outside))
        for attribute in ["lang=", "aria-live", 'scope="col"', "prefers-color-scheme", "@media print"]:
            self.assertIn(attribute, self.text)

    @unittest.skipUnless(CHROMIUM, "Chromium is not installed")
    def test_a_browser_draws_it_and_filters_it(self):
        script = ("<script>addEventListener('load', () => { const figure = () => document.querySelector('#figures dd').textContent;"
                  "const before = figure(); const genre = document.getElementById('genre'); genre.value = '0';"
                  "genre.dispatchEvent(new Event('change', {bubbles: true})); document.title = before + ' ' + figure(); });</script>")
        tried = self.folder / "tried.html"
        end = self.text.rindex("</body>")  # the chart library has the word too
        tried.write_text(self.text[:end] + script + self.text[end:])
        done = subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", "--dump-dom",
                               tried.as_uri()], capture_output=True, text=True, timeout=120, check=False)
        drawn = re.sub(r"<script.*?</script>", "", done.stdout, flags=re.S)
        self.assertTrue('data-ready="true"' in drawn)
        self.assertGreaterEqual(drawn.count("<svg"), 6)
        self.assertTrue("&lt;/script&gt;</option>" in drawn)
        figures = self.figures()
        whole = sum(cell[3] for cell in figures["cells"])
        one = sum(cell[3] for cell in figures["cells"] if cell[1] == 0)
        title = re.search(r"<title>(.*?)</title>", drawn).group(1)
        self.assertEqual([whole, one], [int(number.replace(",", "")) for number in title.split()])

    def test_a_store_without_plays_has_a_page_too(self):
        empty = self.folder / "empty.stave"
        self.stave("init", empty)
        self.stave("dashboard", empty, "-o", self.folder / "empty.html")
        self.assertIn('"days":[]', (self.folder / "empty.html").read_text())


if __name__ == "__main__":
    unittest.main()
