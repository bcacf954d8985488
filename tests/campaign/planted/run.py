"""Plants bugs in a copy of the source, one after another, and expects a test to catch each.

    python3 run.py [--work FOLDER] [--jobs N] [--only PART-OF-A-NAME] [--target TARGET]

What is there without a bug has to pass first. Prints a line for each, and at the end how many were caught."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Copy:
    """The tracked files of the source, and a build of them."""

    def __init__(self, folder, jobs):
        # As in the source itself, so that a compiler cache finds again what was compiled there.
        self.source, self.build, self.jobs = folder, folder / "build" / "release", jobs
        names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        for entry in folder.iterdir() if folder.exists() else []:
            if entry.name != "build":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        for name in filter(None, names.decode().split("\0")):
            if (ROOT / name).is_file():
                (self.source / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.source / name)
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        self.run(["cmake", "--preset", "release", *launcher], cwd=self.source).check_returncode()

    def run(self, command, **more):
        return subprocess.run(command, capture_output=True, text=True, check=False, **more)

    def make(self, target):
        return self.run(["ninja", "-C", str(self.build), f"-j{self.jobs}", target])

    def test(self, bug):
        """What the tests of a bug say, run with the fewest that can catch it."""
        if "python" in bug:
            folder, name = bug["python"].split(".", 1)
            python = "/usr/bin/python3" if pathlib.Path("/usr/bin/python3").exists() else sys.executable
            tests = self.source / "tests"
            return self.run([python, "-m", "unittest", name], cwd=tests / folder, timeout=1800,
                            env={**os.environ, "STAVE_BINARY": str(self.build / "stave"), "PYTHONPATH": str(tests)})
        binary = self.build / "tests" / bug["target"]
        return self.run([str(binary), f"--gtest_filter={bug['filter']}", "--gtest_brief=1"], timeout=1800)


def tests_of(bug):
    return bug.get("python") or f"{bug['target']} {bug['filter']}"


def check_without(copy, bugs):
    """All tests pass before a bug is planted, and there are some."""
    for bug in {tests_of(bug): bug for bug in bugs}.values():
        made = copy.make(bug["target"])
        if made.returncode:
            raise SystemExit(f"{bug['target']} cannot be built without a bug:\n{made.stdout[-3000:]}")
        done = copy.test(bug)
        if done.returncode or " 0 tests" in done.stdout:
            said = done.stdout[-3000:] + done.stderr[-3000:]
            raise SystemExit(f"{tests_of(bug)} does not pass without a bug:\n{said}")


def plant(copy, bug):
    """Whether the tests notice; the file is restored."""
    path = copy.source / bug["file"]
    text = path.read_text(encoding="utf-8")
    if text.count(bug["old"]) != 1:
        return f"is there {text.count(bug['old'])} times and not once: {bug['old']!r} in {bug['file']}"
    path.write_text(text.replace(bug["old"], bug["new"]), encoding="utf-8")
    try:
        made = copy.make(bug["target"])
        if made.returncode:
            return f"does not compile:\n{made.stdout[-2000:]}"
        try:
            return "" if copy.test(bug).returncode else "is not noticed"
        except subprocess.TimeoutExpired:
            return ""  # a hang is noticed, too
    finally:
        path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / "planted")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="")
    parser.add_argument("--target", default="")
    arguments = parser.parse_args()
    bugs = tomllib.loads((pathlib.Path(__file__).parent / "bugs.toml").read_text(encoding="utf-8"))["bug"]
    bugs = [bug for bug in bugs if arguments.only in bug["name"] and arguments.target in bug["target"]]
    copy = Copy(arguments.work, arguments.jobs)
    check_without(copy, bugs)
    missed = 0
    for bug in bugs:
        fault = plant(copy, bug)
        missed += bool(fault)
        print(f"planted: {bug['name']}: {fault or 'caught by ' + tests_of(bug)}", flush=True)
    print(f"campaign: planted bugs: {len(bugs)}, {len(bugs) - missed} caught by tests")
    sys.exit(1 if missed or not bugs else 0)


if __name__ == "__main__":
    main()
