// A table that has nothing to do with music: ten million rows, two columns of a hundred names, one of many, integers and
// one f64, made by DuckDB, imported with --create. Stave is timed as a whole process that writes its rows as CSV, DuckDB
// warm inside its own.
//   node groupby.mjs [--rows N] [--groups N] [--seed S] [--threads N] [--runs N] [--folder DIR] [--only q1,q2]
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {cellsOf, firstDifference, megabytes, printTable, processSeconds, timed} from '../measured.mjs';

const here = import.meta.dirname;
const {values: option} = parseArgs({
  options: {
    rows: {type: 'string', default: '10000000'}, groups: {type: 'string', default: '100'},
    seed: {type: 'string', default: '0.42'}, threads: {type: 'string', default: '2'}, runs: {type: 'string', default: '3'},
    only: {type: 'string'},
    folder: {type: 'string', default: path.join(here, '../../build/bench')},
    stave: {type: 'string', default: path.join(here, '../../build/release/stave')},
  },
});

const questions = [
  {
    name: 'q1 sum by 100 names',
    stq: 'from g | summarize v1 = sum(v1) by id1',
    sql: 'SELECT id1, sum(v1) FROM g GROUP BY 1 ORDER BY 1',
  },
  {
    name: 'q2 sum by 10,000 pairs of names',
    stq: 'from g | summarize v1 = sum(v1) by id1, id2',
    sql: 'SELECT id1, id2, sum(v1) FROM g GROUP BY 1, 2 ORDER BY 1, 2',
  },
  {
    name: 'q3 sum and average by many names',
    stq: 'from g | summarize v1 = sum(v1), v3 = avg(v3) by id3',
    sql: 'SELECT id3, sum(v1), avg(v3) FROM g GROUP BY 1 ORDER BY 1',
  },
  {
    name: 'q4 averages by 100 integers',
    stq: 'from g | summarize v1 = avg(v1), v2 = avg(v2), v3 = avg(v3) by id4',
    sql: 'SELECT id4, avg(v1), avg(v2), avg(v3) FROM g GROUP BY 1 ORDER BY 1',
  },
  {
    name: 'q5 sums by many integers',
    stq: 'from g | summarize v1 = sum(v1), v2 = sum(v2), v3 = sum(v3) by id6',
    sql: 'SELECT id6, sum(v1), sum(v2), sum(v3) FROM g GROUP BY 1 ORDER BY 1',
  },
  {
    name: 'q6 median and deviation by 10,000 pairs',
    stq: 'from g | summarize middle = median(v3), deviation = stddev(v3) by id4, id5',
    sql: 'SELECT id4, id5, median(v3), stddev(v3) FROM g GROUP BY 1, 2 ORDER BY 1, 2',
  },
  {
    name: 'q7 range by many names',
    stq: 'from g | summarize most = max(v1), least = min(v2) by id3 | select id3, reach = most - least',
    sql: 'SELECT id3, max(v1) - min(v2) FROM g GROUP BY 1 ORDER BY 1',
  },
  {
    name: 'q8 largest two of each of many',
    stq: 'from g | where v3 is not null | top 2 by v3 desc per id6 | select id6, v3 | sort id6, v3 desc',
    sql: `SELECT id6, v3 FROM (SELECT id6, v3, row_number() OVER (PARTITION BY id6 ORDER BY v3 DESC) AS place FROM g
        WHERE v3 IS NOT NULL) WHERE place <= 2 ORDER BY 1, 2 DESC`,
  },
  {
    name: 'q9 correlation by 10,000 pairs',
    stq: `from g | summarize n = count(), x = sum(v1), y = sum(v2), xx = sum(v1 * v1), yy = sum(v2 * v2), xy = sum(v1 * v2) by id2, id4
      | derive joint = n * xy - x * y, left = n * xx - x * x, right = n * yy - y * y
      | select id2, id4, r2 = joint / left * (joint / right)`,
    sql: "SELECT id2, id4, nullif(corr(v1, v2) * corr(v1, v2), 'nan'::DOUBLE) FROM g GROUP BY 1, 2 ORDER BY 1, 2",
  },
  {
    name: 'q10 sum and count by six columns',
    stq: 'from g | summarize v3 = sum(v3), n = count() by id1, id2, id3, id4, id5, id6',
    sql: 'SELECT id1, id2, id3, id4, id5, id6, sum(v3), count(*) FROM g GROUP BY ALL ORDER BY ALL',
  },
].filter(question => !option.only || option.only.split(',').includes(question.name.split(' ')[0]));

const base = path.join(option.folder, `groupby-${option.rows}-${option.groups}-${option.seed}`);
const [dump, store, database] = [`${base}.csv`, `${base}.stave`, `${base}.duckdb`];
fs.mkdirSync(option.folder, {recursive: true});
const duckdb = path.join(here, '../compare/duckdb.mjs');
if (!fs.existsSync(dump)) {
  fs.rmSync(database, {force: true});
  timed('node', [path.join(here, 'make_table.mjs'), database, dump, option.rows, option.groups, option.seed]);
}
if (!fs.existsSync(store)) {
  timed(option.stave, ['init', store]);
  timed(option.stave, ['import', store, 'g', dump, '--create', '--threads', option.threads]);
}

const theirs = timed('node', [duckdb, 'query', database, option.threads, option.runs], {input: JSON.stringify(questions)});
const answers = theirs.out.trim().split('\n').map(line => JSON.parse(line));
const table = [];
for (const [index, question] of questions.entries()) {
  const printed = `${store}.csv`;
  const asked = ['query', store, question.stq, '--format', 'csv', '--threads', option.threads];
  const seconds = processSeconds(option.runs, printed, option.stave, asked);
  const {mebibytes} = timed(option.stave, [...asked, '-o', printed]);
  // Ten million rows of text are beyond what a string of this runtime holds: their number must do.
  const isLarge = fs.statSync(printed).size > 400e6;
  const count = file => Number(execFileSync('wc', ['-l', file], {encoding: 'utf8'}).split(' ')[0]);
  const different = isLarge
    ? (count(printed) - 1 === count(answers[index].answer) ? undefined : 'another number of rows')
    : firstDifference(cellsOf(fs.readFileSync(printed, 'utf8')).slice(1), cellsOf(fs.readFileSync(answers[index].answer, 'utf8')));
  if (different) console.error(`${question.name}: ${different}`);
  const same = isLarge ? 'as many rows' : 'equal';
  table.push([question.name, seconds, answers[index].seconds, mebibytes, theirs.mebibytes, different ? 'DIFFERENT' : same]);
}

console.log(`${option.rows} rows; ${option.threads} threads; store ${megabytes(store).toFixed(0)} MB, DuckDB file ${megabytes(database).toFixed(0)} MB\n`);
printTable(table);
process.exit(table.some(row => row[5] === 'DIFFERENT') ? 1 : 0);
