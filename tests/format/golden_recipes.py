"""How the golden stores were made: the same commands give the same bytes, times of commits aside.

A recipe makes a store in a folder by calling `stave(...)` and `load(table, text, ...)`. A recipe whose stores are
committed is never changed: what a later version brings gets a recipe of its own."""
from samples import EDGES, HEADER, SCHEMA, plays, shapes, songs


def empty(run):
    run.init(SCHEMA, "UTC")


def every_type(run):
    """Values of every type, plays before their catalogue, a changed genre, a column that a later file brings."""
    run.init(SCHEMA, "Europe/Berlin")
    run.load("things", EDGES)
    run.load("songs", "song_id,title,genre\n2,,jazz\n9,\"two\nlines\",\n1,One,rock\n")
    run.load("things", HEADER + "4,2025-07-01T11:00:00Z,,,,,,,,,\n2,2025-07-01T09:00:00Z,,,,,,,,,\n")
    run.load("songs", "song_id,genre\n2,rock\n4,folk\n")
    run.load("fees", "song_id,country,valid_from,fee\n1,DE,2025-01-01,0.0035\n1,,,0.004\n2,DE,,99999999999999.9999\n")
    run.load("fees", "song_id,country,valid_from\n3,SE,2024-12-31\n")
    run.load("things", "song_id,at,mood,factor\n1,2025-01-01,good,1.25\n2,2025-03-01,bad,2.5\n")


def text_keys(run):
    run.init(SCHEMA, "America/St_Johns")
    long = "lo" + "n" * 300 + "g"
    run.load("things", HEADER + f"1,2025-01-01,,,,,,,,,\n007,2025-01-01,,,,,,,,,\n{long},2025-01-02,,,,,,,,,\n")
    run.load("songs", "song_id,title,genre\n007,Bond,\"\"\n")


def codecs(run):
    """Blocks of every codec that the importer chooses for these shapes; on the third day, columns of two blocks."""
    run.init(SCHEMA, "UTC")
    early, late = "".join(shapes(1000, 1000)), "".join(shapes(300, 0))
    run.load("things", HEADER + early + late.replace("2025-01-01T10:", "2025-01-02T11:"))
    run.load("things", HEADER + "".join(f"{i % 3},2025-01-03T10:00:{i // 500:02}Z,,{i},,,,,,,\n" for i in range(16500)))


def predicted(run):
    """Columns that are predicted and ranked, then read by a cluster that changed."""
    run.init(SCHEMA, "UTC")
    run.load("songs", songs(600))
    run.load("things", HEADER + "".join(plays(3000, "2025-01-01", 1)))
    run.load("things", HEADER + "".join(plays(1000, "2025-01-02", 2)))
    run.load("songs", "song_id,genre\n8,genre 1\n599,new\n")


def packs(run):
    """Days that share packs: of one load, gathered of several, merged with the loads of their rows, and one with bytes
    that nothing needs any more."""
    run.init(SCHEMA, "UTC")
    run.load("songs", songs(60))
    for number, days in enumerate((("2025-01-01", "2025-01-02", "2025-01-03"), ("2025-01-02",), ("2025-01-05",))):
        run.load("things", HEADER + "".join(row for day in days for row in plays(150, day, number)))
    run.stave("compact", run.store)
    run.load("things", HEADER + "".join(plays(120, "2025-01-04", 3)))
    run.stave("imports", run.store, "--undo", "4")


RECIPES = {"empty": empty, "every-type": every_type, "text-keys": text_keys, "codecs": codecs,
           "predicted": predicted, "packs": packs}
