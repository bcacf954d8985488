// How far one machine reaches: stores of more and more plays, filled without dumps, and what a few questions of them cost.
//   node growth.mjs [--plays N,N...] [--threads N] [--runs N] [--folder DIR] [--stave PATH] [--keep]
// A store that is in the folder is not filled again, and then has no time of filling.
import fs from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {megabytes, timed} from '../measured.mjs';

const here = import.meta.dirname;
const {values: option} = parseArgs({
  options: {
    plays: {type: 'string', default: '1000000,10000000,100000000,1000000000'}, threads: {type: 'string', default: '2'},
    runs: {type: 'string', default: '3'}, folder: {type: 'string', default: path.join(here, '../../build/bench')},
    stave: {type: 'string', default: path.join(here, '../../build/release/stave')}, keep: {type: 'boolean', default: false},
  },
});
const kpis = 'summarize plays = count(), listeners = distinct(user_id), seconds = sum(duration_sec) by day, genre = track.track_genre';
const questions = [`from streams | ${kpis}`, `from streams | where day == @2025-05-20 | ${kpis}`,
  'from streams | where country_code == "DE" | summarize s = sum(duration_sec), n = count()'];
const cell = run => `${run.seconds.toFixed(run.seconds < 1 ? 3 : 1)} s, ${run.mebibytes.toFixed(0)} MiB`;

console.log('| plays | days | filled in | store | daily genre KPIs of all days | of one day | a filtered sum |');
console.log('|---:|---:|---:|---:|---:|---:|---:|');
fs.mkdirSync(option.folder, {recursive: true});
for (const plays of option.plays.split(',').map(Number)) {
  // A user plays a hundred times, whatever the service's size.
  const days = plays > 200_000_000 ? 365 : 90;
  const store = path.join(option.folder, `growth-${plays}.stave`);
  const threads = ['--threads', option.threads];
  const filled = fs.existsSync(store) ? null : timed(option.stave, ['gen', '--into', store, '--streams', plays, '--users', Math.max(1000, plays / 100),
    '--tracks', Math.max(1000, Math.min(1_000_000, plays / 100)), '--days', days, '--quiet', ...threads]);
  const asked = questions.map(program => {
    const runs = Array.from({length: Number(option.runs) + 1}, () => timed(option.stave, ['query', store, program, '--format', 'csv', ...threads]));
    return runs.slice(1).sort((one, other) => one.seconds - other.seconds)[(runs.length - 1) >> 1];
  });
  console.log(`| ${plays.toLocaleString('en')} | ${days} | ${filled ? cell(filled) : ''} | ${(megabytes(store) / 1000).toFixed(3)} GB | ${asked.map(cell).join(' | ')} |`);
  if (!option.keep) fs.rmSync(store, {recursive: true});
}
