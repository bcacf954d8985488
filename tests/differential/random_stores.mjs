// Stores of random tables whose every value is known: a fact with a column of each type, clustered by genre through a
// catalogue, beside small tables. Values are null, bigint (i64, scaled decimals, days, microseconds), number, text or boolean.
import {randomFrom} from './dirty_dumps.mjs';

export const kinds = {
  number: {type: 'i64', is: 'i64'}, coded_number: {type: 'i64', domain: 'numbers', is: 'i64'},
  short_price: {type: 'decimal(7,2)', is: 'decimal', scale: 2, precision: 7},
  price: {type: 'decimal(18,4)', is: 'decimal', scale: 4, precision: 18},
  long_price: {type: 'decimal(38,10)', is: 'decimal', scale: 10, precision: 38},
  middle_price: {type: 'decimal(20,0)', is: 'decimal', scale: 0, precision: 20},
  share: {type: 'f64', is: 'f64'}, liked: {type: 'bool', is: 'bool'}, day_of: {type: 'date', is: 'date'},
  seen: {type: 'timestamp', is: 'timestamp'}, note: {type: 'string', is: 'string'},
  tag: {type: 'string', domain: 'tags', is: 'string'}, nothing: {type: 'string', is: 'string'},
};
const words = ['', ' ', 'rock', 'Rock', 'ROCK!', 'hip hop', 'hip-hop', 'Hip/Hop', 'é', 'ünï€ 𝄞', '日本', '日', '"quoted"', "it's",
  'a,b', 'line\nbreak', 'cr\r\nlf', 'tab\t', '\\N', 'NULL', '_none', 'a=b', '../x', '%2F', '.', 'x'.repeat(300)];
const two63 = 2n ** 63n;
const day = 86_400_000_000n;

function anyInteger(random, low, high) {
  if (random.chance(0.15)) return random.one([low, high, 0n >= low ? 0n : low, low + 1n, high - 1n]);
  if (random.chance(0.5)) return low > -100n ? low + BigInt(random.below(5)) : BigInt(random.below(200) - 100);
  let value = 0n;
  for (let part = 0; part < 5; part++) value = (value << 31n) | BigInt(random.below(2 ** 31));
  return low + value % (high - low + 1n);
}

function anyValue(random, kind) {
  switch (kind.is) {
    case 'i64': return anyInteger(random, -two63, two63 - 1n);
    case 'decimal': return anyInteger(random, -(10n ** BigInt(kind.precision)) + 1n, 10n ** BigInt(kind.precision) - 1n);
    case 'f64': return random.one([0, -0, 1.5, 0.1, -1e-300, 5e-324, 1.7976931348623157e308, random.below(1e9) / 7, 1e22]);
    case 'bool': return random.chance(0.5);
    case 'date': return anyInteger(random, -719162n, 2932896n);  // years 1 to 9999
    case 'timestamp': return anyInteger(random, -62135596800n, 253402300799n) * 1_000_000n + BigInt(random.below(1e6));
    default: return random.chance(0.7) ? random.one(words) : random.one(words) + random.below(1000);
  }
}

const pad = (number, width) => String(number).padStart(width, '0');
export function dateText(days) {
  const date = new Date(0);
  date.setUTCDate(1 + Number(days));
  return `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
}
export function timestampText(micros) {
  const within = ((micros % day) + day) % day;
  const seconds = within / 1_000_000n;
  return `${dateText((micros - within) / day)} ${pad(seconds / 3600n, 2)}:${pad(seconds / 60n % 60n, 2)}:${pad(seconds % 60n, 2)}` +
    `.${pad(within % 1_000_000n, 6)}`;
}
export function decimalText(value, scale) {
  const digits = pad(value < 0n ? -value : value, scale + 1);
  return (value < 0n ? '-' : '') + (scale ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits);
}
function cell(value, kind) {
  if (value === null) return '';
  if (kind.is === 'string') return `"${value.replaceAll('"', '""')}"`;
  if (kind.is === 'date') return dateText(value);
  if (kind.is === 'timestamp') return timestampText(value);
  if (kind.is === 'decimal') return decimalText(value, kind.scale);
  return Object.is(value, -0) ? '-0' : String(value);
}

function table(name, columns, rows) {
  const text = [Object.keys(columns).join(','), ...rows.map(row => Object.keys(columns).map(c => cell(row[c], columns[c])).join(','))];
  return {name, columns, rows, csv: text.join('\n') + '\n'};
}

// {schema, tables: [{name, columns, rows, csv, key}]}; rows of `things` have their genre, which the dump has not.
export function randomStore(seed, rowCount, zone) {
  const random = randomFrom(seed);
  const columns = {id: {type: 'i64', is: 'i64'}, song_id: {type: 'key', domain: 'songs', is: 'i64'}, at: {type: 'timestamp', is: 'timestamp'},
    ...kinds};
  const songs = [];
  for (let song = 1; song <= 12; song++) {
    if (random.chance(0.9)) songs.push({song_id: BigInt(song), genre: random.chance(0.1) ? null : random.one(words)});
  }
  const genreOf = new Map(songs.map(song => [song.song_id, song.genre]));
  const nullShare = Object.fromEntries(Object.keys(columns).map(c => [c, random.one([0, 0, 0.1, 0.5, 0.99])]));
  const rows = [];
  for (let id = 0; id < rowCount; id++) {
    const row = {id: BigInt(id)};
    row.song_id = BigInt(1 + random.below(12));
    row.at = random.chance(0.05) ? null : 1_735_689_600_000_000n + BigInt((random.below(6) * 7 * 86400 + random.below(86400))) * 1_000_000n + BigInt(random.below(3));
    for (const name of Object.keys(kinds)) row[name] = name === 'nothing' || random.chance(nullShare[name]) ? null : anyValue(random, columns[name]);
    row.genre = genreOf.get(row.song_id) ?? null;
    rows.push(row);
  }
  const songColumns = {song_id: columns.song_id, genre: {type: 'string', domain: 'genres', is: 'string'}};
  const emptyColumns = {entry_id: {type: 'i64', is: 'i64'}, at: columns.at, text: {type: 'string', is: 'string'}};
  const line = (name, {type, domain}) => `  { name = "${name}", type = "${type}"${domain ? `, domain = "${domain}"` : ''} },\n`;
  const lines = all => `columns = [\n${Object.entries(all).map(([name, kind]) => line(name, kind)).join('')}]\n`;
  const schema = `name = "random"\n[[table]]\nname = "things"\nkind = "fact"\ntime = "at"\ncluster = "song.genre"\n${lines(columns)}` +
    `relations = [ { name = "song", column = "song_id", table = "songs" } ]\n` +
    `[[table]]\nname = "songs"\nkind = "dimension"\nkey = ["song_id"]\n${lines(songColumns)}` +
    `[[table]]\nname = "entries"\nkind = "fact"\ntime = "at"\n${lines(emptyColumns)}` +
    `[[table]]\nname = "notes"\nkind = "dimension"\nkey = ["entry_id"]\n${lines({...emptyColumns})}`;
  const things = table('things', columns, rows);
  things.columns = {...columns, genre: songColumns.genre};
  return {zone, schema, tables: [
    {...table('songs', songColumns, songs), key: 'song_id'}, {...things, key: 'id'},
    {...table('entries', emptyColumns, []), key: 'entry_id'}, {...table('notes', emptyColumns, []), key: 'entry_id'}]};
}
