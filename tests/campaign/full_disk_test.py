"""A real file system that fills up while `stave import` writes: whatever room there is, the last snapshot can be
read, and with more room the next import works. Needs a tmpfs of its own: as root, or in a user namespace."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import campaign

SIZES = 64 * campaign.TIMES
PAGE = 4096
PLENTY = 64 << 20


def mount(place, size, *options):
    return subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join((f"size={size}", *options)), "stave-campaign", place],
                          capture_output=True, text=True, check=False)


def refusal():
    """Why no tmpfs can be mounted here; empty where it can."""
    with tempfile.TemporaryDirectory() as place:
        tried = mount(place, PLENTY)
        if tried.returncode == 0:
            subprocess.run(["umount", place], check=True)
        return tried.stderr.strip()


if refusal() and "STAVE_UNSHARED" not in os.environ and shutil.which("unshare") and \
        subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode == 0:
    os.environ["STAVE_UNSHARED"] = "1"
    os.execvp("unshare", ["unshare", "-rm", sys.executable, "-m", "unittest", "-v", "full_disk_test"])


def used(folder):
    """Bytes that the files take there, whole pages."""
    status = os.statvfs(folder)
    return (status.f_blocks - status.f_bfree) * status.f_frsize


class FullDiskTest(campaign.Campaign):
    def setUp(self):
        reason = refusal()
        if reason:
            print(f"skipped: no tmpfs can be mounted: {reason}", flush=True)
            self.skipTest(reason)
        self.disk = pathlib.Path(tempfile.mkdtemp(prefix="stave-full-disk-"))
        self.assertEqual(0, mount(self.disk, PLENTY).returncode)
        self.addCleanup(self.disk.rmdir)
        self.addCleanup(subprocess.run, ["umount", self.disk], check=True)

    def resize(self, size):
        done = mount(self.disk, size, "remount")
        self.assertEqual(0, done.returncode, done.stderr)

    def fresh(self, base):
        store = self.disk / "music.stave"
        shutil.rmtree(store, ignore_errors=True)
        shutil.copytree(base, store)
        return store

    def test_no_room_at_any_point_leaves_the_last_snapshot(self):
        base = self.new_store("base.stave", self.parts[0])
        before = self.rows(base)
        store = self.fresh(base)
        start = used(self.disk)
        self.stave("import", store, "streams", self.parts[1])
        needed = used(self.disk) - start
        refused = worked = named = 0
        for step in range(SIZES):
            store = self.fresh(base)
            room = needed * step * 8 // (SIZES * 7) // PAGE * PAGE  # the last eighth is enough
            self.resize(used(self.disk) + room)
            done = self.run_stave("import", store, "streams", self.parts[1])
            verified = self.run_stave("verify", store)
            self.assertEqual(0, verified.returncode, f"{room} bytes of room: {verified.stdout}{verified.stderr}")
            if done.returncode == 0:
                worked += 1
                self.assertEqual(2 * before, self.rows(store))
            else:
                refused += 1
                self.assertEqual(campaign.FAILED, done.returncode, done.stderr)
                self.assertRegex(done.stderr, "[Nn]o space", f"{room} bytes of room")
                named += "bytes" in done.stderr
                self.assertEqual(before, self.rows(store), f"{room} bytes of room")
            self.resize(PLENTY)
            self.stave("import", store, "streams", self.parts[1])
            self.assertEqual(2 * before, self.rows(store), f"after {room} bytes of room")
            self.assertEqual(0, self.run_stave("verify", store).returncode)
        self.assertGreater(refused, SIZES // 2)
        self.assertGreater(worked, 0)
        campaign.report_count("sizes of a full tmpfs", SIZES,
                              f"{refused} refused with the last snapshot sound and readable ({named} said how much was "
                              f"needed), {worked} had room enough; the next import worked each time")

    def test_a_backup_without_room_leaves_the_earlier_one(self):
        base = self.new_store("source.stave", self.parts[0])
        before = self.rows(base)
        backup = self.disk / "backup"
        self.stave("backup", base, backup)
        earlier = self.folder / "earlier"
        shutil.copytree(backup, earlier)
        start = used(self.disk)
        self.stave("import", base, "streams", self.parts[1])
        self.stave("backup", base, backup)
        needed = used(self.disk) - start
        refused = 0
        sizes = SIZES // 4
        for step in range(sizes):
            shutil.rmtree(backup)
            shutil.copytree(earlier, backup)
            self.resize(used(self.disk) + needed * step * 8 // (sizes * 7) // PAGE * PAGE)
            done = self.run_stave("backup", base, backup)
            self.assertEqual(0, self.run_stave("verify", backup).returncode)
            if done.returncode != 0:
                refused += 1
                self.assertRegex(done.stderr, r"The backup needs \d+ more bytes in .*[Nn]o space")
                self.assertEqual(before, self.rows(backup))
            self.resize(PLENTY)
            self.stave("backup", base, backup)
            self.assertEqual(2 * before, self.rows(backup))
        self.assertGreater(refused, sizes // 2)
        campaign.report_count("sizes of a full tmpfs for a backup", sizes,
                              f"{refused} refused with the earlier backup whole; the next backup worked each time")


if __name__ == "__main__":
    unittest.main()
