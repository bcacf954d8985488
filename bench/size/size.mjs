// How large plays are in a store, beside the Parquet file with Zstandard that DuckDB writes of the same rows, column by
// column. Counted: every file below the store's folder `streams`, shared models included, and every byte of the Parquet
// file. Not counted, but told: what the catalogue's part takes (key domains, tables of tracks and users).
//   node size.mjs [--rows N] [--make gen|life|flat|all] [--track-keys text|integer] [--user-keys integer|text]
//                 [--tracks N] [--users N] [--days N] [--seed S] [--threads N] [--folder DIR]
import {DuckDBInstance} from '@duckdb/node-api';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';

const here = import.meta.dirname;
const {values: option} = parseArgs({
  options: {
    rows: {type: 'string', default: '20000000'}, make: {type: 'string', default: 'gen'},
    tracks: {type: 'string', default: '100000'}, users: {type: 'string', default: '1000000'},
    days: {type: 'string', default: '90'}, seed: {type: 'string', default: '1'},
    'track-keys': {type: 'string', default: 'text'}, 'user-keys': {type: 'string', default: 'integer'},
    threads: {type: 'string', default: '2'}, folder: {type: 'string', default: path.join(here, '../../build/size')},
    stave: {type: 'string', default: path.join(here, '../../build/release/stave')},
    'make-plays': {type: 'string', default: path.join(here, '../../build/release/bench/make_plays')},
    keep: {type: 'boolean', default: false},
  },
});
const columns = ['user_id', 'track_id', 'listen_time', 'duration_sec', 'completion_pct', 'platform', 'country_code'];

function run(command, args) {
  return execFileSync(command, args, {encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit']});
}

function writeDumps(make, dumps) {
  const shape = ['--tracks', option.tracks, '--users', option.users, '--days', option.days, '--seed', option.seed];
  if (make === 'gen') {
    if (option['track-keys'] !== 'text' || option['user-keys'] !== 'integer') {
      throw new Error('`stave gen` has one kind of keys. Choose --make life or flat for others.');
    }
    run(option.stave, ['gen', dumps, '--streams', option.rows, ...shape, '--quiet']);
  } else {
    run(option['make-plays'], [dumps, '--make', make, '--plays', option.rows, ...shape,
      '--track-keys', option['track-keys'], '--user-keys', option['user-keys']]);
  }
}

// Bytes of each column, of the whole file, and its rows.
async function parquetSizes(dumps, file) {
  const instance = await DuckDBInstance.create(':memory:', {threads: option.threads});
  const connection = await instance.connect();
  const ask = async sql => (await connection.runAndReadAll(sql)).getRowsJson();
  const types = "types = {'completion_pct': 'DECIMAL(5,2)', 'duration_sec': 'INTEGER'}";
  // From a table, as an analyst would have it: in parallel from CSV it would write other row groups on each run.
  await connection.run(`CREATE TABLE streams AS SELECT * FROM read_csv('${dumps}/streams.csv', ${types})`);
  await connection.run(`COPY streams TO '${file}' (FORMAT parquet, COMPRESSION zstd)`);
  const sizes = {};
  for (const [column, bytes] of await ask(`SELECT path_in_schema, sum(total_compressed_size)::DOUBLE
      FROM parquet_metadata('${file}') GROUP BY 1`)) sizes[column] = Number(bytes);
  const [[rows]] = await ask(`SELECT count(*)::DOUBLE FROM '${file}'`);
  connection.closeSync();
  instance.closeSync();
  return {columns: sizes, total: fs.statSync(file).size, rows: Number(rows)};
}

function bytesBelow(folder) {
  return fs.readdirSync(folder, {withFileTypes: true, recursive: true}).filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}

// Columns as the store itself counts them, since they lie in packs together; the total is of the files. What days share
// (predictors) is the rest. Parquet's rest is Bloom filters and the footer.
function staveSizes(store) {
  const sizes = {};
  for (const line of run(option.stave, ['describe', store, 'streams', '--storage', '--format', 'tsv']).trim().split('\n')) {
    const [part, , name, , , bytes] = line.split('\t');
    if (part === 'column') sizes[name] = Number(bytes);
  }
  const total = bytesBelow(path.join(store, 'streams'));
  sizes.rest = total - Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
  return {columns: sizes, total, aside: ['domains', 'tracks', 'users'].map(folder => [folder, bytesBelow(path.join(store, folder))])};
}

const number = value => value.toLocaleString('en-US');
function print(make, parquet, stave) {
  const bits = bytes => (bytes * 8 / parquet.rows).toFixed(2);
  const line = (name, theirs, mine) => console.log(`| ${name} | ${number(theirs)} | ${bits(theirs)} | ${number(mine)} | ${bits(mine)} | ` +
    `${theirs === 0 ? 'n/a' : (mine / theirs).toFixed(3)} |`);
  console.log(`\n${make}: ${number(parquet.rows)} plays, ${number(Number(option.tracks))} tracks (keys: ${option['track-keys']}), ` +
    `${number(Number(option.users))} users (keys: ${option['user-keys']}), ${option.days} days, seed ${option.seed}\n`);
  console.log('| column | Parquet+zstd bytes | bits a row | Stave bytes | bits a row | Stave / Parquet |');
  console.log('|---|---:|---:|---:|---:|---:|');
  for (const column of columns) line(column, parquet.columns[column], stave.columns[column] ?? 0);
  line('rest', parquet.total - columns.reduce((sum, column) => sum + parquet.columns[column], 0), stave.columns.rest ?? 0);
  line('**all**', parquet.total, stave.total);
  console.log(`\nAside: ${stave.aside.map(([folder, bytes]) => `${folder} ${number(bytes)}`).join(', ')} bytes.`);
}

let worst = 0;
for (const make of option.make === 'all' ? ['gen', 'life', 'flat'] : [option.make]) {
  const dumps = path.join(option.folder, `${make}-${option.rows}`);
  const store = `${dumps}.stave`;
  const remove = () => [dumps, store, `${dumps}.parquet`].forEach(name => fs.rmSync(name, {recursive: true, force: true}));
  remove();
  fs.mkdirSync(option.folder, {recursive: true});
  writeDumps(make, dumps);
  run(option.stave, ['init', store]);
  for (const table of ['tracks', 'users', 'streams']) {
    run(option.stave, ['import', store, table, `${dumps}/${table}.csv`, '--threads', option.threads, '--quiet']);
  }
  const parquet = await parquetSizes(dumps, `${dumps}.parquet`);
  const stave = staveSizes(store);
  print(make, parquet, stave);
  worst = Math.max(worst, stave.total / parquet.total);
  if (!option.keep) remove();
}
console.log(worst <= 0.5 ? '\nAt most half of Parquet with Zstandard.' : `\nMore than half of Parquet with Zstandard: ${worst.toFixed(3)}.`);
process.exit(worst <= 0.5 ? 0 : 1);
