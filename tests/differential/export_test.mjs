// Exports of random stores as DuckDB, Polars and Arrow's JavaScript read them: every value as it was put into the store.
//   node export_test.mjs STAVE [--stores N] [--seed S] [--folder DIR]
import {DuckDBInstance} from '@duckdb/node-api';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {dateText, decimalText, kinds, randomStore} from './random_stores.mjs';

const {values: option, positionals: [stave]} = parseArgs({
  allowPositionals: true,
  options: {stores: {type: 'string', default: '12'}, seed: {type: 'string', default: '1'}, folder: {type: 'string'}},
});
let polars = null;
try {
  polars = (await import('nodejs-polars')).default;
} catch {
  console.log('without Polars: its package is not there');
}
let arrow = null;
try {
  arrow = await import('apache-arrow');
} catch {
  console.log('without Arrow: its package is not there');
}
const folder = option.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'stave-export-'));
fs.mkdirSync(folder, {recursive: true});
function run(...arguments_) {
  const done = spawnSync(stave, arguments_, {encoding: 'utf8', maxBuffer: 1 << 30});
  if (done.status !== 0) throw new Error(`stave ${arguments_.join(' ')}: ${done.status}\n${done.stderr}`);
  return done.stdout;
}
const faults = [];
let cells = 0;

function build(seed) {
  const made = randomStore(seed, [0, 1, 300, 3000][seed % 4], ['UTC', 'Europe/Berlin'][seed % 2]);
  const store = path.join(folder, `${seed}.stave`);
  fs.rmSync(store, {recursive: true, force: true});
  fs.writeFileSync(path.join(folder, 'schema.toml'), made.schema);
  run('init', store, '--schema', path.join(folder, 'schema.toml'), '--timezone', made.zone);
  // Every third store gets its catalogue late, so that its clustering is out of date.
  const order = seed % 3 === 0 ? ['things', 'songs'] : ['songs', 'things'];
  for (const name of order) {
    const table = made.tables.find(one => one.name === name);
    if (table.rows.length === 0) continue;
    const file = path.join(folder, `${name}.csv`);
    fs.writeFileSync(file, table.csv);
    run('import', store, name, file, '--separator', ',', '--quote', '"', '--time-zone', 'UTC', '--comment', 'none', '--header', 'yes', '--quiet');
  }
  return {store, tables: made.tables};
}

// Values of a reader as those of `randomStore`, as text that tells types and signs apart.
const shown = value => Object.is(value, -0) ? '-0' : value === null || value === undefined ? 'null'
  : typeof value === 'bigint' ? `${value}` : JSON.stringify(value);

// DuckDB's JSON reader has one zero only.
const same = (what, mine, theirs) => shown(mine) === shown(theirs) || (what.includes('jsonl') && mine === 0 && theirs === 0);

function compare(what, table, rows) {
  const theirs = new Map(rows.map(row => [shown(row[table.key]), row]));
  if (rows.length !== table.rows.length || theirs.size !== rows.length) {
    faults.push(`${what}: ${rows.length} rows, ${theirs.size} keys, not ${table.rows.length}`);
  }
  for (const row of table.rows) {
    const other = theirs.get(shown(row[table.key]));
    for (const name of Object.keys(table.columns)) {
      ++cells;
      if (other === undefined || !same(what, row[name], other[name])) {
        faults.push(`${what}, row ${row[table.key]}, ${name}: ${shown(row[name])} is read as ${shown(other?.[name])}`);
      }
    }
  }
}

// What DuckDB makes comparable: all but doubles and texts as integers.
function duckSelect(table) {
  const quoted = name => `"${name}"`;
  return Object.entries(table.columns).map(([name, kind]) => {
    if (kind.is === 'date') return `CAST(${quoted(name)} - DATE '1970-01-01' AS BIGINT) AS ${quoted(name)}`;
    if (kind.is === 'timestamp') return `epoch_us(${quoted(name)}) AS ${quoted(name)}`;
    if (kind.is === 'decimal') return `CAST(${quoted(name)} AS VARCHAR) AS ${quoted(name)}`;
    return quoted(name);
  }).join(', ');
}
function fromDuck(row, table) {
  for (const [name, kind] of Object.entries(table.columns)) {
    if (kind.is === 'decimal' && row[name] !== null) row[name] = BigInt(row[name].replace('.', ''));
  }
  return row;
}
async function readByDuckDB(what, directory, tables) {
  const instance = await DuckDBInstance.create(':memory:', {threads: '2'});
  const connection = await instance.connect();
  process.chdir(directory);  // where the script expects to be
  await connection.run("SET timezone = 'UTC'");
  await connection.run(fs.readFileSync('ddl/duckdb.sql', 'utf8'));
  for (const whole of tables) {
    // Its JSON reader takes numbers for doubles, which is too little for decimals.
    const columns = Object.entries(whole.columns).filter(([, kind]) => !(what.includes('jsonl') && kind.is === 'decimal'));
    const table = {...whole, columns: Object.fromEntries(columns)};
    const result = await connection.runAndReadAll(`SELECT ${duckSelect(table)} FROM "${table.name}"`);
    compare(`${what}, ${table.name} by DuckDB`, table, result.getRowObjects().map(row => fromDuck(row, table)));
    const types = await connection.runAndReadAll(`SELECT column_name, column_type FROM (DESCRIBE "${table.name}")`);
    const typeOf = new Map(types.getRows());
    for (const [name, kind] of Object.entries(table.columns)) {
      const expected = {i64: 'BIGINT', f64: 'DOUBLE', bool: 'BOOLEAN', date: 'DATE', string: 'VARCHAR',
        timestamp: what.includes('parquet') ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP', decimal: `DECIMAL(${kind.precision},${kind.scale})`}[kind.is];
      if (typeOf.get(name) !== expected) faults.push(`${what}, ${table.name}.${name} is ${typeOf.get(name)} for DuckDB, not ${expected}`);
    }
  }
  // Statistics: what a predicate leaves out by them must not be there.
  if (what.includes('parquet')) {
    const things = tables.find(table => table.name === 'things');
    for (const row of things.rows.slice(0, 15)) {
      for (const name of ['number', 'note', 'long_price', 'day_of', 'share', 'short_price', 'tag']) {
        if (row[name] === null) continue;
        const kind = things.columns[name];
        const literal = kind.is === 'string' ? `'${row[name].replaceAll("'", "''")}'`
          : kind.is === 'date' ? `DATE '${dateText(row[name])}'`
          : kind.is === 'decimal' ? `${decimalText(row[name], kind.scale)}::DECIMAL(${kind.precision},${kind.scale})`
          : kind.is === 'f64' ? `'${row[name]}'::DOUBLE` : `${row[name]}`;
        const found = await connection.runAndReadAll(`SELECT count(*) FROM things WHERE "${name}" = ${literal}`);
        const expected = things.rows.filter(other => other[name] === row[name] || (Object.is(other[name], -0) && row[name] === 0)).length;
        if (Number(found.getRows()[0][0]) !== expected) faults.push(`${what}: ${name} = ${literal} finds ${found.getRows()[0][0]}, not ${expected}`);
      }
    }
  }
  process.chdir(folder);
  connection.closeSync();
  instance.closeSync();
}

function readByPolars(what, directory, tables) {
  const manifest = JSON.parse(fs.readFileSync(path.join(directory, 'manifest.json'), 'utf8'));
  for (const table of tables) {
    const rows = [];
    for (const file of manifest.tables.find(one => one.name === table.name).files) {
      let frame = polars.readParquet(path.join(directory, file.path));
      if (frame.height !== file.rows) faults.push(`${what}, ${file.path} by Polars: ${frame.height} rows, not ${file.rows}`);
      for (const [name, kind] of Object.entries(table.columns)) {
        // Its JavaScript side has no decimals; long integers go through text.
        if (kind.is === 'decimal') frame = frame.withColumn(polars.col(name).cast(polars.Utf8));
        if (kind.is === 'i64' || kind.is === 'timestamp' || kind.is === 'date') frame = frame.withColumn(polars.col(name).cast(polars.Int64).cast(polars.Utf8));
      }
      for (const row of frame.toRecords()) {
        for (const [name, kind] of Object.entries(table.columns)) {
          if (row[name] === null || row[name] === undefined) row[name] = null;
          else if (['i64', 'timestamp', 'date'].includes(kind.is)) row[name] = BigInt(row[name]);
          else if (kind.is === 'decimal') row[name] = BigInt(row[name].replace('.', ''));
        }
        rows.push(row);
      }
    }
    compare(`${what}, ${table.name} by Polars`, table, rows);
  }
}

// Arrow's JavaScript gives days and times as milliseconds, so these are read from the columns' own arrays.
function arrowValue(column, row, kind) {
  if (!column.isValid(row)) return null;
  if (kind.is !== 'date' && kind.is !== 'timestamp' && kind.is !== 'decimal') return column.get(row);
  let index = row;
  const data = column.data.find(one => index < one.length || ((index -= one.length), false));
  if (kind.is !== 'decimal') return BigInt(data.values[index]);
  const words = new Uint32Array(data.values.buffer, data.values.byteOffset + 16 * index, 4);
  return BigInt.asIntN(128, words.reduceRight((value, word) => (value << 32n) | BigInt(word), 0n));
}
function readByArrow(what, directory, tables) {
  const manifest = JSON.parse(fs.readFileSync(path.join(directory, 'manifest.json'), 'utf8'));
  for (const table of tables) {
    const rows = [];
    for (const file of manifest.tables.find(one => one.name === table.name).files) {
      const read = arrow.tableFromIPC(fs.readFileSync(path.join(directory, file.path)));
      if (read.numRows !== file.rows) faults.push(`${what}, ${file.path} by Arrow: ${read.numRows} rows, not ${file.rows}`);
      for (let row = 0; row < read.numRows; row++) {
        rows.push(Object.fromEntries(Object.entries(table.columns).map(([name, kind]) => [name, arrowValue(read.getChild(name), row, kind)])));
      }
    }
    compare(`${what}, ${table.name} by Arrow`, table, rows);
  }
}

const ways = [['parquet', 'zstd', 'day'], ['parquet', 'snappy', 'month'], ['parquet', 'lz4', 'day'], ['parquet', 'none', 'month'], ['csv', 'none', 'day'],
  ['jsonl', 'none', 'month'], ['arrow', 'none', 'month']];
for (let index = 0; index < Number(option.stores); index++) {
  const seed = Number(option.seed) + index;
  const {store, tables} = build(seed);
  const directory = path.join(folder, 'export');
  for (const [format, compression, by] of index < 4 ? ways : [ways[index % ways.length]]) {
    const what = `store ${seed}, ${format} ${compression} by ${by}`;
    run('export', store, directory, '--format', format, '--compression', compression, '--by', by, '--quiet');
    const manifest = fs.readFileSync(path.join(directory, 'manifest.json'), 'utf8');
    const places = new Set(JSON.parse(manifest).tables.find(one => one.name === 'things').slugs.values.map(one => one.slug));
    if (![...places].every(slug => /^[a-z0-9_-]+$/.test(slug)) || places.has('_none')) faults.push(`${what}: slugs ${[...places]}`);
    if (format !== 'arrow') await readByDuckDB(what, directory, tables);
    if (arrow && format === 'arrow') readByArrow(what, directory, tables);
    if (polars && format === 'parquet') readByPolars(what, directory, tables);
    run('export', store, directory, '--format', format, '--compression', compression, '--by', by, '--quiet', '--threads', '5');
    if (fs.readFileSync(path.join(directory, 'manifest.json'), 'utf8') !== manifest) faults.push(`${what}: another number of threads gives other bytes`);
  }
}
for (const fault of faults.slice(0, 20)) console.log(`FAILED: ${fault.slice(0, 1000)}`);
console.log(`${option.stores} stores, ${cells} cells compared: ${faults.length} faults`);
if (!option.folder) fs.rmSync(folder, {recursive: true});
process.exit(faults.length === 0 ? 0 : 1);
