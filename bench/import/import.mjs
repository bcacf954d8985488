// Imports tracks, users and plays with Stave, DuckDB and Polars, each as a whole process with as many threads, one after the
// other in turns, and prints the median of each with its peak memory.
//   node import.mjs [--plays N,N...] [--threads N,N...] [--compressions none,gz,zst] [--runs N] [--folder DIR] [--stave PATH]
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {dumpsOf, megabytes, timed} from '../measured.mjs';

const here = import.meta.dirname;
const {values: option} = parseArgs({
  options: {
    plays: {type: 'string', default: '20000000'}, threads: {type: 'string', default: '2,1'},
    compressions: {type: 'string', default: 'none,gz,zst'}, runs: {type: 'string', default: '3'},
    folder: {type: 'string', default: path.join(here, '../../build/bench')},
    stave: {type: 'string', default: path.join(here, '../../build/release/stave')},
  },
});
const tables = ['tracks', 'users', 'streams'];
const packers = {gz: ['gzip', '-kq'], zst: ['zstd', '-kq', '-3']};

function filesOf(dumps, compression) {
  return tables.map(table => {
    const plain = path.join(dumps, `${table}.csv`);
    if (compression === 'none') return plain;
    if (!fs.existsSync(`${plain}.${compression}`)) execFileSync(packers[compression][0], [...packers[compression].slice(1), plain]);
    return `${plain}.${compression}`;
  });
}

// A new store, and one process for each table; the peak is that of the largest.
function byStave(files, threads, target) {
  const runs = [timed(option.stave, ['init', target])];
  for (const [index, table] of tables.entries()) {
    runs.push(timed(option.stave, ['import', target, table, files[index], '--threads', threads, '--quiet']));
  }
  return {
    seconds: runs.reduce((sum, run) => sum + run.seconds, 0),
    mebibytes: Math.max(...runs.map(run => run.mebibytes)), size: megabytes(target),
  };
}

// The rivals time themselves within their process, so that starting Node.js does not count.
function byRival(name, files, threads, target) {
  const run = timed('node', [path.join(here, 'rival.mjs'), name, target, threads, ...files], {env: {POLARS_MAX_THREADS: threads}});
  return {seconds: JSON.parse(run.out).seconds, mebibytes: run.mebibytes, size: megabytes(target)};
}

const median = runs => runs.sort((one, other) => one.seconds - other.seconds)[runs.length >> 1];
const cell = run => (run === null ? 'cannot' : `${run.seconds.toFixed(1)} s, ${run.mebibytes.toFixed(0)} MiB`);

console.log('| plays | threads | files | stave | DuckDB | Polars | DuckDB / stave | stored: stave, DuckDB, Polars (MB) |');
console.log('|---:|---:|---|---:|---:|---:|---:|---|');
for (const plays of option.plays.split(',')) {
  const many = String(Math.max(1000, Math.floor(Number(plays) / 20)));
  const dumps = dumpsOf({...option, plays, tracks: '100000', users: many, days: '90', seed: '1'});
  // Each run writes anew, and what it wrote goes when all are done: for a while after many files
  // were removed, some file systems take longer to make as many.
  const written = path.join(option.folder, 'imported');
  for (const threads of option.threads.split(',')) {
    for (const compression of option.compressions.split(',')) {
      const files = filesOf(dumps, compression);
      const runs = {stave: [], duckdb: [], polars: []};
      fs.rmSync(written, {recursive: true, force: true});
      fs.mkdirSync(written);
      for (let run = 0; run < Number(option.runs); run++) {
        const target = path.join(written, String(run));
        runs.stave.push(byStave(files, threads, `${target}.stave`));
        for (const name of ['duckdb', 'polars']) {
          try {
            runs[name].push(byRival(name, files, threads, `${target}.${name}`));
          } catch (error) {
            if (run === 0) console.error(`${name}: ${String(error.message).trim().split('\n').pop()}`);
          }
        }
      }
      const [stave, duckdb, polars] = Object.values(runs).map(list => (list.length ? median(list) : null));
      const ratio = duckdb ? (duckdb.seconds / stave.seconds).toFixed(1) : '';
      const sizes = [stave, duckdb, polars].map(run => (run ? run.size.toFixed(0) : '-')).join(', ');
      console.log(`| ${plays} | ${threads} | ${compression === 'none' ? 'plain' : compression} | ${cell(stave)} | ${cell(duckdb)} | ` +
        `${cell(polars)} | ${ratio} | ${sizes} |`);
      fs.rmSync(written, {recursive: true, force: true});
    }
  }
}
