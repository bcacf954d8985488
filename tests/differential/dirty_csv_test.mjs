// Stave's reader beside DuckDB's on dirty dumps. Told the dialect, Stave must have every well-formed row as it was written and
// as DuckDB reads it, and reject every damaged one. Finding the dialect out for each file by itself, it may be wrong about few.
//   node dirty_csv_test.mjs STAVE [--files N] [--seed S] [--folder DIR]
import {DuckDBInstance} from '@duckdb/node-api';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {dirtyDump, escapes, quotes, randomFrom, separators} from './dirty_dumps.mjs';

const {values: option, positionals: [stave]} = parseArgs({
  allowPositionals: true,
  options: {files: {type: 'string', default: '1000'}, seed: {type: 'string', default: '1'}, folder: {type: 'string'}},
});
const folder = option.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'stave-dirty-'));
fs.mkdirSync(folder, {recursive: true});
const kMostMisread = 0.005;  // of rows, where the dialect is to be found out: some small files could be either
function run(arguments_, codes) {
  const done = spawnSync(stave, arguments_, {encoding: 'utf8', maxBuffer: 1 << 30});
  if (!codes.includes(done.status)) throw new Error(`stave ${arguments_.join(' ')}: ${done.status}\n${done.stderr}`);
  return done.stdout;
}

// Files of one dialect and width, so that either reader needs one call for all of them.
const groups = new Map();
const random = randomFrom(Number(option.seed));
for (let index = 0; index < Number(option.files); index++) {
  const dialect = {separator: random.one(separators), quote: random.one(quotes), escape: random.one(escapes)};
  const columns = 2 + random.below(5);
  const seed = Number(option.seed) * 1_000_003 + index;
  const dump = dirtyDump(seed, dialect, columns);
  const file = path.join(folder, `${index}.csv`);
  fs.writeFileSync(file, dump.text);
  const key = JSON.stringify([dialect, columns]);
  if (!groups.has(key)) groups.set(key, {dialect, columns, files: [], rows: new Map(), damaged: new Set()});
  const group = groups.get(key);
  group.files.push(file);
  for (const [name, cells] of dump.rows) group.rows.set(name, cells);
  for (const name of dump.damaged) group.damaged.add(name);
}

const sql = text => `'${text.replaceAll("'", "''")}'`;
async function readByDuckDB(connection, group) {
  const types = ['name', ...Array.from({length: group.columns - 1}, (_, i) => `c${i + 1}`)].map(name => `'${name}': 'VARCHAR'`);
  const escape = group.dialect.escape === 'backslash' ? '\\' : group.dialect.quote;
  const result = await connection.runAndReadAll(
    `SELECT * FROM read_csv([${group.files.map(sql).join(', ')}], columns = {${types.join(', ')}}, auto_detect = false,
       delim = ${sql(group.dialect.separator)}, quote = ${sql(group.dialect.quote)}, escape = ${sql(escape)},
       header = true, all_varchar = true, allow_quoted_nulls = false, ignore_errors = true, strict_mode = true)`);
  return new Map(result.getRows().map(cells => [cells[0], cells]));
}

function readByStave(group, index, told) {
  const store = path.join(folder, `${index}.stave`);
  fs.rmSync(store, {recursive: true, force: true});
  const schema = path.join(folder, `${index}.toml`);
  const columns = ['name', ...Array.from({length: group.columns - 1}, (_, i) => `c${i + 1}`)];
  fs.writeFileSync(schema, 'name = "dirty"\n[[table]]\nname = "t"\nkind = "fact"\ncolumns = [\n' +
    columns.map(name => `  { name = "${name}", type = "string" },\n`).join('') + ']\n');
  run(['init', store, '--schema', schema], [0]);
  const dialect = told ? ['--separator', group.dialect.separator, '--quote', group.dialect.quote, '--escape', group.dialect.escape,
    '--comment', 'none'] : [];
  run(['import', store, 't', ...group.files, '--max-rejects', '100%', '--rejects', folder, '--quiet', ...dialect], [0, 3]);
  const lines = run(['query', store, 'from t', '--format', 'jsonl'], [0]).split('\n').filter(line => line);
  fs.rmSync(store, {recursive: true});
  return new Map(lines.map(line => JSON.parse(line)).map(row => [row.name, columns.map(name => row[name])]));
}

// What is not as it should be, a line each.
function faults(group, mine, theirs) {
  const found = [];
  for (const [name, cells] of group.rows) {
    const own = JSON.stringify(mine.get(name) ?? null);
    const other = JSON.stringify(theirs.get(name) ?? null);
    if (own === JSON.stringify(cells)) continue;
    found.push(`row ${name}, ${JSON.stringify(group.dialect)}:\n  written ${JSON.stringify(cells)}\n  stave   ${own}\n  duckdb  ${other}`);
  }
  for (const name of group.damaged) {
    if (mine.has(name)) found.push(`damaged row ${name} was taken: ${JSON.stringify(mine.get(name))}`);
  }
  for (const name of mine.keys()) {
    if (!group.rows.has(name) && !group.damaged.has(name)) found.push(`row ${JSON.stringify(name)} is in no file`);
  }
  return found;
}

const instance = await DuckDBInstance.create(':memory:', {threads: '1'});
const connection = await instance.connect();
let rows = 0;
let agreed = 0;
const told = [];
const guessed = [];
for (const [index, group] of [...groups.values()].entries()) {
  const theirs = await readByDuckDB(connection, group);
  const mine = readByStave(group, index, true);
  told.push(...faults(group, mine, theirs));
  guessed.push(...faults(group, readByStave(group, index, false), theirs));
  rows += group.rows.size;
  for (const name of group.rows.keys()) {
    if (JSON.stringify(mine.get(name)) === JSON.stringify(theirs.get(name))) ++agreed;
  }
}
connection.closeSync();
instance.closeSync();
const passed = told.length === 0 && guessed.length <= rows * kMostMisread && agreed >= rows * 0.999;
if (!passed) for (const what of [...told, ...guessed].slice(0, 20)) console.log(`FAILED: ${what.slice(0, 2000)}`);
console.log(`${option.files} files, ${groups.size} dialects and widths, ${rows} rows: ${agreed} as DuckDB reads them; ` +
  `${told.length} faults where the dialect was told, ${guessed.length} where it was found out`);
if (!option.folder) fs.rmSync(folder, {recursive: true});
process.exit(passed ? 0 : 1);
