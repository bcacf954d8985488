// One import by a rival, in a process of its own so that its peak memory is its own; prints {seconds}.
//   node rival.mjs duckdb|polars TARGET THREADS TRACKS USERS STREAMS
import fs from 'node:fs';
import path from 'node:path';

const [name, target, threads, ...files] = process.argv.slice(2);
const tables = ['tracks', 'users', 'streams'];
const now = () => Number(process.hrtime.bigint()) / 1e9;

async function duckdb() {
  const {DuckDBInstance} = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(target, {threads});
  const connection = await instance.connect();
  const started = now();
  for (const [index, table] of tables.entries()) {
    const types = table === 'streams' ? ", types = {'completion_pct': 'DECIMAL(5,2)', 'duration_sec': 'INTEGER'}" : '';
    await connection.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv('${files[index]}'${types})`);
  }
  await connection.run('CHECKPOINT');
  const seconds = now() - started;
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

// Into Parquet with zstd, the files that its users keep; it reads no compressed CSV but gzip and zstd whole.
async function polars() {
  const {default: pl} = await import('nodejs-polars');
  fs.mkdirSync(target);
  const started = now();
  for (const [index, table] of tables.entries()) {
    const frame = pl.readCSV(files[index], {tryParseDates: true, inferSchemaLength: 10_000});
    frame.writeParquet(path.join(target, `${table}.parquet`), {compression: 'zstd'});
  }
  return now() - started;
}

console.log(JSON.stringify({seconds: await (name === 'duckdb' ? duckdb() : polars())}));
