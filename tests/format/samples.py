"""A schema with columns of every type, and rows for it: the ends of ranges, and shapes that codecs are for.

Golden stores were made from these: add others, do not change them."""
import random

SCHEMA = """name = "every_type"
[[table]]
name = "things"
kind = "fact"
time = "at"
cluster = "song.genre"
columns = [
  { name = "song_id", type = "key", domain = "songs" },
  { name = "at", type = "timestamp" },
  { name = "day_of", type = "date" },
  { name = "number", type = "i64" },
  { name = "price", type = "decimal(9,2)" },
  { name = "huge", type = "decimal(38,4)" },
  { name = "share", type = "f64" },
  { name = "liked", type = "bool" },
  { name = "note", type = "string" },
  { name = "tag", type = "string", domain = "tags" },
  { name = "shop", type = "i64", domain = "shops" },
]
relations = [{ name = "song", column = "song_id", table = "songs" }]

[[table]]
name = "songs"
kind = "dimension"
key = ["song_id"]
columns = [
  { name = "song_id", type = "key", domain = "songs" },
  { name = "title", type = "string" },
  { name = "genre", type = "string", domain = "genres" },
]

[[table]]
name = "fees"
kind = "dimension"
key = ["song_id", "country", "valid_from"]
columns = [
  { name = "song_id", type = "key", domain = "songs" },
  { name = "country", type = "string", domain = "countries", null_in_key = true },
  { name = "valid_from", type = "date", default = 1970-01-01 },
  { name = "fee", type = "decimal(18,4)" },
]
"""

HEADER = "song_id,at,day_of,number,price,huge,share,liked,note,tag,shop\n"

# Values at the ends of their ranges, text that CSV has to quote, and rows without a time.
EDGES = HEADER + """1,2025-01-01T10:00:00Z,2025-01-01,-5,1.50,-1234567890123456789012345678901234.5678,2.5,true,"a,""b
c",rock,9
2,,1969-12-31,9223372036854775807,-0.01,9999999999999999999999999999999999.9999,-0,false,,jazz,-8
3,2025-01-01T10:00:00.123456Z,,,,-9999999999999999999999999999999999.9999,1.7976931348623157e308,,ünï€ 𝄞,,
1,1900-03-04 05:06:07,0001-01-01,-9223372036854775808,0,0,-5e-324,true," blanks ",pop,9223372036854775807
2,2025-07-01T10:00:00Z,9999-12-31,0,-9999999.99,-0.0001,0.1,,"é",jazz,-9223372036854775808
2,2025-07-01T10:00:00Z,2000-02-29,1,100,1,1e22,,x	y,jazz,8
2,2025-07-01T10:00:00Z,2000-02-29,1,100,1,123456789012345680,,"#x",jazz,8
2,2025-07-01T10:00:00Z,2000-02-29,1,100,1,12345678901234567890,,=x,jazz,8
2,2025-07-01T10:00:00Z,2000-02-29,1,100,1,1.5e-7,,NULL,jazz,8
1,1850-10-27T01:30:00.12Z,1850-10-27,-1,0,0,0.25,no,,,0
2,2024-10-27T00:30:00Z,2000-02-29,1,100,1,0.0001,,"",jazz,8
2,2024-10-27T01:30:00Z,2000-02-29,1,100,1,100000,,"cr\rlf",jazz,8
"""


def shapes(rows, turn=20000):
    """Lines of CSV whose columns have shapes that the codecs are for; other ones from row `turn` on."""
    chance = random.Random(5)
    visits = [0]
    for i in range(rows):
        late = i >= turn
        visits.append(visits[-chance.randint(1, min(i + 1, 9))] if chance.randrange(5) else chance.randrange(9000))
        yield ",".join(map(str, (
            chance.randrange(3000),
            f"2025-01-01T10:00:00.{i:06}Z",
            "" if i % 3 else "2025-01-01",
            i * i if i % 1000 else -2**62,
            f"{chance.randrange(100)}.{i % 100:02}",
            f"{chance.randrange(-10**33, 10**33) if late else chance.choice([0, 5, -7])}.5",
            chance.randrange(1000) / 8 if late else repr(chance.random()) if chance.randrange(300) == 0 else 2.5,
            "yes" if i < 9000 else "no",
            chance.randbytes(5).hex() if late else f"https://example.org/{i // 7:06}/{chance.randrange(9)}",
            f"tag{chance.randrange(70)}" if chance.randrange(300) == 0 else "usual",
            visits[-1] if late else i // 4))) + "\n"


def songs(count):
    """A catalogue of songs in eight genres."""
    return "song_id,title,genre\n" + "".join(f"{song},,genre {song % 8}\n" for song in range(count))


def plays(rows, day, seed):
    """Lines of CSV in which the tag goes with the shop and the number with the song, nearly always."""
    chance = random.Random(seed)
    for i in range(rows):
        song, shop = min(chance.randrange(600), chance.randrange(600)), chance.randrange(250)
        tag = chance.randrange(40) if chance.randrange(50) == 0 else shop % 40
        number = chance.randrange(30) if chance.randrange(9) == 0 else 120 + song * 7 % 200
        yield (f"{song},{day}T{i * 20 // rows:02}:{i % 60:02}:{i * 7 % 60:02}Z,,{number if song % 50 else ''},,,,,,"
               f"country {tag},{shop}\n")
