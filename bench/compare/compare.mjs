// Runs Stave beside DuckDB on the same generated data, with the same number of threads, checks that the answers
// are equal and prints a table. Stave is timed as a whole process, DuckDB warm inside its own.
//   node compare.mjs [--plays N] [--tracks N] [--users N] [--days N] [--seed S] [--threads N] [--runs N] [--folder DIR]
import fs from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {cellsOf, dumpsOf, firstDifference, megabytes, printTable, processSeconds, timed} from '../measured.mjs';
import {questions} from './questions.mjs';

const here = import.meta.dirname;
const {values: option} = parseArgs({
  options: {
    plays: {type: 'string', default: '20000000'}, tracks: {type: 'string', default: '100000'},
    users: {type: 'string', default: '1000000'}, days: {type: 'string', default: '90'},
    seed: {type: 'string', default: '1'}, threads: {type: 'string', default: '2'}, runs: {type: 'string', default: '5'},
    folder: {type: 'string', default: path.join(here, '../../build/bench')},
    stave: {type: 'string', default: path.join(here, '../../build/release/stave')},
  },
});
const dumps = dumpsOf(option);
const store = `${dumps}.stave`;
const database = `${dumps}.duckdb`;

const table = [];

fs.rmSync(database, {force: true});
const imported = timed('node', [path.join(here, 'duckdb.mjs'), 'import', database, dumps, option.threads]);
const rival = JSON.parse(imported.out).seconds;
fs.rmSync(store, {recursive: true, force: true});
const started = process.hrtime.bigint();
timed(option.stave, ['init', store]);
let peak = 0;
for (const name of ['tracks', 'users', 'streams']) {
  peak = Math.max(peak, timed(option.stave, ['import', store, name, `${dumps}/${name}.csv`, '--threads', option.threads]).mebibytes);
}
const own = Number(process.hrtime.bigint() - started) / 1e9;
table.push(['import tracks, users, streams', own, rival, peak, imported.mebibytes, 'n/a']);

const some = timed(option.stave, ['query', store,
  'from streams | take 1000000 | summarize n = count() by user_id, day, genre = track.track_genre | sort n desc, user_id, day | take 1',
  '--format', 'csv']).out.trim().split('\n')[1].split(',');
const asked = questions({user: some[0], day: some[1], genre: some[2]});
const theirs = timed('node', [path.join(here, 'duckdb.mjs'), 'query', database, option.threads, option.runs], {input: JSON.stringify(asked)});
const answers = theirs.out.trim().split('\n').map(line => JSON.parse(line));
for (const [index, question] of asked.entries()) {
  const printed = `${store}.csv`;
  const arguments_ = ['query', store, question.stq, '--format', 'csv', '--threads', option.threads];
  const seconds = processSeconds(option.runs, printed, option.stave, arguments_);
  const {mebibytes} = timed(option.stave, [...arguments_, '-o', printed]);
  const different = firstDifference(cellsOf(fs.readFileSync(printed, 'utf8')).slice(1),
    cellsOf(fs.readFileSync(answers[index].answer, 'utf8')));
  if (different) console.error(`${question.name}: ${different}`);
  table.push([question.name, seconds, answers[index].seconds, mebibytes, theirs.mebibytes, different ? 'DIFFERENT' : 'equal']);
}

console.log(`${option.plays} plays, ${option.tracks} tracks, ${option.users} users, ${option.days} days, seed ${option.seed}; ` +
  `${option.threads} threads; store ${megabytes(store).toFixed(0)} MB, DuckDB file ${megabytes(database).toFixed(0)} MB\n`);
printTable(table);
process.exit(table.some(row => row[5] === 'DIFFERENT') ? 1 : 0);
