#!/usr/bin/env python3
"""Two builds of Stave by the instructions that they take: no clock, hence no noise of the machine.

    bench/instructions/compare.py OLD NEW [--plays N] [--limit PERCENT]

Imports and asks the same with both, on one thread under Valgrind, and prints instructions and ratios. Exit code 1 where NEW takes
more than PERCENT (default 2) more for anything. Counts say nothing of waiting for memory: what is bound by that is for
bench/compare to show.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

QUESTIONS = {
    "Q1 daily genre KPIs": "from streams | summarize plays = count(), listeners = distinct(user_id), seconds = sum(duration_sec) by day, genre = track.track_genre",
    "Q2 top songs by day": "from streams | summarize plays = count() by day, genre = track.track_genre, track_id | top 3 by plays desc, track_id per day, genre",
    "Q4 hourly": "from streams | summarize listeners = distinct(user_id), plays = count(), tracks = distinct(track_id) by hour = hour(listen_time)",
    "Q6 month, artist, country": "from streams | summarize plays = count() by month = bucket(day, month), track.artist_id, country_code",
    "Q7 one user": "from streams | where user_id == 77 | select listen_time, track_id",
    "Q9 filtered sum": 'from streams | where country_code == "DE" and duration_sec >= 30 | summarize s = sum(duration_sec)',
    "Q11 countries of users": "from streams | summarize c = distinct(country_code) by user_id | where c > 2 | summarize n = count()",
}


def instructions(*command):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command)],
                          capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"This failed: {' '.join(map(str, command))}\n{done.stderr}")
    return int(found[1])


def measure(binary, dumps, folder):
    """By name, what each command takes."""
    store = folder / f"{binary.parent.name}-{binary.name}.stave"
    shutil.rmtree(store, ignore_errors=True)
    subprocess.run([binary, "init", store, "--quiet"], check=True)
    taken = {}
    for table in ("tracks", "users", "streams"):
        taken[f"import {table}"] = instructions(binary, "import", store, table, dumps / f"{table}.csv", "--threads", 1, "--quiet")
    for name, program in QUESTIONS.items():
        taken[name] = instructions(binary, "query", store, program, "--threads", 1, "--format", "csv", "-o", folder / "answer.csv")
    shutil.rmtree(store)
    return taken


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=pathlib.Path)
    parser.add_argument("new", type=pathlib.Path)
    parser.add_argument("--plays", type=int, default=200_000)
    parser.add_argument("--limit", type=float, default=2.0, help="percent")
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("Valgrind counts the instructions: install it (apt-get install valgrind).")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="stave-instructions-"))
    try:
        dumps = folder / "dumps"
        subprocess.run([arguments.old.resolve(), "gen", dumps, "--streams", str(arguments.plays), "--tracks", "10000",
                        "--users", "20000", "--days", "10", "--quiet"], check=True)
        old = measure(arguments.old.resolve(), dumps, folder)
        new = measure(arguments.new.resolve(), dumps, folder)
    finally:
        shutil.rmtree(folder)
    slower = []
    print(f"{'':28}{'old':>16}{'new':>16}{'new/old':>9}")
    for name, before in old.items():
        ratio = new[name] / before
        print(f"{name:28}{before:16,}{new[name]:16,}{ratio:9.3f}")
        if ratio > 1 + arguments.limit / 100:
            slower.append(name)
    if slower:
        print(f"more than {arguments.limit:g} % more: {', '.join(slower)}")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
