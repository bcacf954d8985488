// Parquet files that DuckDB and Polars wrote, in several ways, are imported to the store that they came from.
//   node parquet_import_test.mjs STAVE [--stores N] [--seed S] [--folder DIR]
import {DuckDBInstance} from '@duckdb/node-api';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {randomStore} from './random_stores.mjs';

const {values: option, positionals: [stave]} = parseArgs({
  allowPositionals: true,
  options: {stores: {type: 'string', default: '4'}, seed: {type: 'string', default: '1'}, folder: {type: 'string'}},
});
let polars = null;
try {
  polars = (await import('nodejs-polars')).default;
} catch {
  console.log('without Polars: its package is not there');
}
const folder = option.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'stave-parquet-'));
fs.mkdirSync(folder, {recursive: true});
const at = name => path.join(folder, name);
function run(...arguments_) {
  const done = spawnSync(stave, arguments_, {encoding: 'utf8', maxBuffer: 1 << 30, cwd: folder});
  if (done.status !== 0) throw new Error(`stave ${arguments_.join(' ')}: ${done.status}\n${done.stderr}`);
  return done.stdout;
}
const faults = [];
let files = 0;
const program = table => `from ${table.name} | select ${Object.keys(table.columns).filter(name => name !== 'genre').join(', ')} | sort ${table.key}`;

function check(what, made, source, name, file) {
  ++files;
  const store = at('back.stave');
  fs.rmSync(store, {recursive: true, force: true});
  run('init', store, '--schema', at('schema.toml'), '--timezone', made.zone);
  const table = made.tables.find(one => one.name === name);
  try {
    run('import', store, name, file, '--quiet');
    // DuckDB's dictionaries have one zero only.
    const lines = text => (what.includes('DuckDB') ? text.replace(/,-0(?=,)/g, ',0') : text).split('\n');
    const mine = lines(run('query', store, program(table), '--format', 'csv'));
    const theirs = lines(run('query', source, program(table), '--format', 'csv'));
    const row = mine.findIndex((line, index) => line !== theirs[index]);
    if (mine.length !== theirs.length || row >= 0) {
      faults.push(`${what}: ${mine.length} lines for ${theirs.length}; line ${row}:\n  ${mine[row]}\n  ${theirs[row]}`);
    }
  } catch (error) {
    faults.push(`${what}: ${error.message}`);
  }
}

const duckWays = [
  "COMPRESSION 'snappy'", "COMPRESSION 'zstd', ROW_GROUP_SIZE 2048", "COMPRESSION 'gzip'", "COMPRESSION 'lz4_raw'", "COMPRESSION 'brotli'",
  "COMPRESSION 'uncompressed'", "COMPRESSION 'zstd', PARQUET_VERSION V2", "COMPRESSION 'uncompressed', PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1",
  "COMPRESSION 'snappy', DICTIONARY_SIZE_LIMIT 1",
];
const polarsWays = [{compression: 'zstd'}, {compression: 'snappy'}, {compression: 'lz4'}, {compression: 'gzip'}, {compression: 'brotli'},
  {compression: 'uncompressed'}, {compression: 'zstd', rowGroupSize: 100}];
for (let index = 0; index < Number(option.stores); index++) {
  const seed = Number(option.seed) + index;
  const made = randomStore(seed, [300, 4000, 1][seed % 3], ['UTC', 'Europe/Berlin'][seed % 2]);
  const source = at('source.stave');
  fs.rmSync(source, {recursive: true, force: true});
  fs.writeFileSync(at('schema.toml'), made.schema);
  run('init', source, '--schema', at('schema.toml'), '--timezone', made.zone);
  for (const table of made.tables.filter(one => one.rows.length > 0)) {
    fs.writeFileSync(at('table.csv'), table.csv);
    run('import', source, table.name, at('table.csv'), '--separator', ',', '--quote', '"', '--time-zone', 'UTC', '--comment', 'none', '--header', 'yes',
      '--quiet');
  }
  for (const name of ['songs', 'things']) {
    const table = made.tables.find(one => one.name === name);
    const whole = at('whole.parquet');
    run('query', source, program(table), '--format', 'parquet', '-o', whole);
    check(`store ${seed}, ${name} by Stave`, made, source, name, whole);
    const instance = await DuckDBInstance.create(':memory:', {threads: '1'});
    const connection = await instance.connect();
    for (const way of duckWays) {
      await connection.run(`COPY (SELECT * FROM '${whole}') TO '${at('duck.parquet')}' (FORMAT PARQUET, ${way})`);
      check(`store ${seed}, ${name} by DuckDB with ${way}`, made, source, name, at('duck.parquet'));
    }
    connection.closeSync();
    instance.closeSync();
    if (polars === null) continue;
    const frame = polars.readParquet(whole);
    for (const way of polarsWays) {
      frame.writeParquet(at('polars.parquet'), way);
      check(`store ${seed}, ${name} by Polars with ${JSON.stringify(way)}`, made, source, name, at('polars.parquet'));
    }
  }
}
for (const fault of faults.slice(0, 20)) console.log(`FAILED: ${fault.slice(0, 1500)}`);
console.log(`${files} files imported: ${faults.length} faults`);
if (!option.folder) fs.rmSync(folder, {recursive: true});
process.exit(faults.length === 0 ? 0 : 1);
