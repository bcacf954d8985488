// The rival, in a process of its own so that its peak memory is its own.
//   node duckdb.mjs import DATABASE DUMPS THREADS      prints {seconds}
//   node duckdb.mjs query DATABASE THREADS RUNS < questions.json   prints a line of JSON for each: {name, seconds, answer}
import {DuckDBInstance} from '@duckdb/node-api';
import fs from 'node:fs';

const [mode, database, ...rest] = process.argv.slice(2);
const threads = mode === 'import' ? rest[1] : rest[0];
const instance = await DuckDBInstance.create(database, {threads});
const connection = await instance.connect();
const now = () => Number(process.hrtime.bigint()) / 1e9;

if (mode === 'import') {
  const dumps = rest[0];
  const started = now();
  for (const table of ['tracks', 'users', 'streams']) {
    const types = table === 'streams' ? ", types = {'completion_pct': 'DECIMAL(5,2)', 'duration_sec': 'INTEGER'}" : '';
    await connection.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv('${dumps}/${table}.csv'${types})`);
  }
  await connection.run('CHECKPOINT');
  console.log(JSON.stringify({seconds: now() - started}));
} else {
  const runs = Number(rest[1]);
  for (const {name, sql} of JSON.parse(fs.readFileSync(0, 'utf8'))) {
    await connection.runAndReadAll(sql);
    const seconds = [];
    for (let run = 0; run < runs; run++) {
      const started = now();
      await connection.run(sql);
      seconds.push(now() - started);
    }
    const answer = `${database}.${name.split(' ')[0]}.csv`;
    await connection.run(`COPY (${sql}) TO '${answer}' (HEADER false)`);
    console.log(JSON.stringify({name, seconds: seconds.sort((a, b) => a - b)[runs >> 1], answer}));
  }
}
connection.closeSync();
instance.closeSync();
