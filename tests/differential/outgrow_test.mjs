// The whole move to another engine: a store is exported, `ddl/ENGINE.sql` makes its tables, and the SQL that Stave prints gives
// Stave's figures there, reading only the files of the days that it asks for.
//   node outgrow_test.mjs STAVE [--streams N] [--store STORE]
import {DuckDBInstance} from '@duckdb/node-api';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {rowsOfCsv} from './engines.mjs';

const {values: option, positionals: [stave]} = parseArgs({
  allowPositionals: true, options: {streams: {type: 'string', default: '20000'}, store: {type: 'string'}},
});
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stave-outgrow-'));
const store = option.store ?? path.join(folder, 'music.stave');
const exported = path.join(folder, 'out');
function must(...arguments_) {
  const done = spawnSync(stave, arguments_, {encoding: 'utf8', maxBuffer: 1 << 30});
  if (done.status !== 0) throw new Error(`stave ${arguments_.join(' ')}\n${done.stderr}`);
  return done.stdout;
}
const seconds = (begin, end = process.hrtime.bigint()) => (Number(end - begin) / 1e9).toFixed(2);

// Figures that any change of rows or values would change.
const programs = {
  'daily genre KPIs': `from streams | summarize plays = count(), listeners = distinct(user_id), seconds = sum(duration_sec) by day, genre = track.track_genre`,
  'one day': `from streams | where day == @2025-05-03 | summarize plays = count(), seconds = sum(duration_sec), share = sum(completion_pct) by country_code`,
  'top tracks': `from streams | summarize plays = count() by track_id | top 20 by plays desc, track_id`,
  'everything': `from streams | summarize rows = count(), first = min(listen_time), last = max(listen_time), users = distinct(user_id), platforms = distinct(platform)`,
};

async function duckdb() {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('set threads = 2');
  process.chdir(exported);
  const read = async sql => (await connection.runAndReadAll(sql)).getRows();
  for (const statement of fs.readFileSync('ddl/duckdb.sql', 'utf8').split(/;\s*\n/)) {
    if (statement.replace(/^--.*$/gm, '').trim()) await connection.run(statement);
  }
  return {
    dialect: 'duckdb',
    async ask(sql) {
      const statements = sql.trim().split(/;\s*\n?/).filter(Boolean);
      for (const one of statements.slice(0, -1)) await connection.run(one);
      return read(`select cast(columns(*) as varchar) from (${statements.at(-1)})`);
    },
    // Of how many files it read how many.
    async files(sql) {
      const statements = sql.trim().split(/;\s*\n?/).filter(Boolean);
      const [[, plan]] = await read(`explain analyze ${statements.at(-1)}`);
      const found = plan.match(/Scanning Files:[\s│]*(\d+)\/(\d+)/);
      return found ? [Number(found[1]), Number(found[2])] : null;
    },
  };
}

async function clickhouse() {
  let chdb;
  try {
    chdb = await import('chdb');
  } catch {
    return 'ClickHouse (npm package chdb) is not installed';
  }
  process.chdir(exported);
  const {Session} = chdb.default ?? chdb;
  const session = new Session();
  for (const statement of fs.readFileSync('ddl/clickhouse.sql', 'utf8').split(/;\s*\n/)) {
    if (statement.replace(/^--.*$/gm, '').trim()) session.query(statement);
  }
  return {
    dialect: 'clickhouse',
    async ask(sql) {
      const settings = [...sql.matchAll(/set (\w+) = ([^;]+);/g)].map(found => `${found[1]} = ${found[2]}`).join(', ');
      const statement = sql.replace(/set \w+ = [^;]+;\s*/g, '').trim().replace(/;$/, '');
      return rowsOfCsv(session.query(`${statement} settings ${settings}, format_csv_null_representation = '', output_format_decimal_trailing_zeros = 1`, 'CSV'));
    },
    async close() {
      session.cleanup?.();
    },
  };
}

const canonical = rows => rows.map(row => row.map(cell => cell === null ? '\u0000' : cell.replace(/\.0+$/, '')).join('\u0001')).sort();

let faults = 0;
let answers = 0;
if (!option.store) must('gen', '--into', store, '--streams', option.streams, '--tracks', '2000', '--users', '3000', '--days', '9', '--quiet');
for (const [by, make] of [['day', duckdb], ['day', clickhouse], ['month', duckdb], ['month', clickhouse]]) {
  let begin = process.hrtime.bigint();
  must('export', store, exported, '--by', by, '--quiet');
  console.log(`exported by ${by} in ${seconds(begin)} s`);
  begin = process.hrtime.bigint();
  const engine = await make();
  if (typeof engine === 'string') {
    console.log(`skipped: ${engine}`);
    continue;
  }
  console.log(`${engine.dialect}: tables made in ${seconds(begin)} s`);
  for (const [name, program] of Object.entries(programs)) {
    const sql = must('sql', store, '--dialect', engine.dialect, program);
    begin = process.hrtime.bigint();
    const mine = canonical(rowsOfCsv(must('query', store, program, '--format', 'csv', '--quiet')).slice(1));
    const between = process.hrtime.bigint();
    const theirs = canonical(await engine.ask(sql));
    ++answers;
    const same = mine.length > 0 && JSON.stringify(mine) === JSON.stringify(theirs);
    if (!same) {
      ++faults;
      console.error(`${engine.dialect}, ${name}: ${mine.length} rows and ${theirs.length}\n  ${mine.find((row, i) => row !== theirs[i])}\n  ${theirs.find((row, i) => row !== mine[i])}`);
    }
    const files = engine.files && await engine.files(sql);
    console.log(`${engine.dialect}, ${name}: ${mine.length} rows, ${same ? 'the same' : 'NOT the same'}; stave ${seconds(begin, between)} s, ${seconds(between)} s there` +
      (files ? `; ${files[0]} of ${files[1]} files read` : ''));
    if (name === 'one day' && by === 'day' && engine.files && !(files && files[0] * 5 < files[1])) {
      ++faults;
      console.error(`a question for one day read ${files?.join(' of ')} files`);
    }
  }
  await engine.close?.();
}
process.chdir('/');
fs.rmSync(folder, {recursive: true, force: true});
console.log(`${answers} answers the same as Stave's but ${faults}`);
process.exit(faults > 0 || answers === 0 ? 1 : 0);
