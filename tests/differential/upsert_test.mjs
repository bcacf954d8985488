// The upserts that `stave report --sql-upsert postgres` prints, run by PostgreSQL: pieces come to the whole, and again changes nothing.
//   node upsert_test.mjs STAVE
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {postgres, rowsOfCsv} from './engines.mjs';

const stave = process.argv[2];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stave-upsert-'));
const store = path.join(folder, 'music.stave');
function must(...arguments_) {
  const done = spawnSync(stave, arguments_, {encoding: 'utf8', maxBuffer: 1 << 30});
  if (done.status !== 0) throw new Error(`stave ${arguments_.join(' ')}\n${done.stderr}`);
  return done.stdout;
}
const database = await postgres();
if (typeof database === 'string') {
  console.log(`skipped: ${database}`);
  process.exit(77);
}
let faults = 0;
try {
  must('init', store, '--quiet');
  must('gen', path.join(folder, 'dumps'), '--streams', '4000', '--tracks', '300', '--users', '200', '--days', '9', '--seed', '5', '--quiet');
  for (const table of ['users', 'streams']) must('import', store, table, path.join(folder, 'dumps', `${table}.csv`), '--quiet');
  // A catalogue that lacks tracks, so that genres are null in keys, and names that want quoting.
  const tracks = fs.readFileSync(path.join(folder, 'dumps', 'tracks.csv'), 'utf8').split('\n').filter((line, i) => i % 7 !== 3);
  fs.writeFileSync(path.join(folder, 'tracks.csv'), tracks.join('\n'));
  must('import', store, 'tracks', path.join(folder, 'tracks.csv'), '--quiet');
  const odd = must('query', store, 'from streams | take 1 | select track_id', '--format', 'csv').split('\n')[1];
  fs.writeFileSync(path.join(folder, 'odd.csv'), `track_id,track_name,track_genre\n${odd},"it's ""50%"" \\ n; --",it's\n`);
  must('import', store, 'tracks', path.join(folder, 'odd.csv'), '--quiet');

  for (const [report, pieces] of [
    ['kpi.daily_genre', true], ['kpi.top_tracks', true], ['kpi.top_genres', true], ['kpi.hourly', true], ['kpi.items', true],
    ['kpi.metrics', false], ['kpi.table', false], ['kpi.catalogue', false], ['kpi.retention', false]]) {
    const spans = pieces ? [['-p', 'to=2025-05-05'], ['-p', 'from=2025-05-04'], []] : [[], []];
    for (const span of spans) await database.ask(must('report', store, report, ...span, '--sql-upsert', 'postgres'), 'select 1');
    const rows = rowsOfCsv(must('report', store, report, '--format', 'csv')).slice(1);
    const [schema, table] = report.split('.');
    const found = await database.ask('', `select * from "${schema}"."${table}"`);
    const sorted = all => all.map(row => JSON.stringify(row.map((cell, i) => numberOrText(cell)))).sort();
    const [ours, theirs] = [sorted(rows), sorted(found)];
    const same = ours.length === theirs.length && ours.every((row, i) => row === theirs[i]);
    if (!same) {
      faults++;
      console.log(`${report}: ${ours.length} rows, PostgreSQL has ${theirs.length}; first that differs:\n  ${ours.find((row, i) => row !== theirs[i])}\n  ${theirs.find((row, i) => row !== ours[i])}`);
    } else {
      console.log(`${report}: ${ours.length} rows after ${spans.length} upserts`);
    }
  }
} finally {
  await database.close();
  fs.rmSync(folder, {recursive: true});
}
process.exit(faults ? 1 : 0);

// 1e-05 and 0.00001 are one number; true and t one truth.
function numberOrText(cell) {
  if (cell === null || cell === '' || /^\d{4}-/.test(cell)) return cell;
  const number = Number(cell);
  return Number.isFinite(number) && !Number.isSafeInteger(number) ? number : cell;
}
