"""Counts a JUnit report of CTest: names what was skipped and why, prints the closing line."""
import re
import sys
import xml.etree.ElementTree as tree

passed = failed = skipped = 0
for case in tree.parse(sys.argv[1]).getroot().iter("testcase"):
    output = case.findtext("system-out") or ""
    if case.get("status") == "fail" or case.find("failure") is not None:
        failed += 1
        print("FAILED", case.get("name"))
    elif case.get("status") != "run" or case.find("skipped") is not None:
        skipped += 1
        reason = re.search(r"(?:Skipped|skipped:?)\s*\n?(.*)", output)
        print("skipped", case.get("name"), "-", reason.group(1).strip() if reason else "")
    else:
        passed += 1
line = f"{passed} passed, {failed} failed"
print(line + (f", {skipped} skipped" if skipped else ""))
sys.exit(1 if failed or not passed else 0)
