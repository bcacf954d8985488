// What the benches share: processes with their time and peak memory, and the data they are run on.
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

// Seconds and peak memory of a whole process, as the operating system counts them.
export function timed(command, args, {input, env} = {}) {
  const times = path.join(fs.mkdtempSync('/tmp/stave-bench-'), 'time');
  const run = spawnSync('/usr/bin/time', ['-f', '%e %M', '-o', times, command, ...args],
    {input, env: {...process.env, ...env}, maxBuffer: 1 << 30, encoding: 'utf8'});
  if (run.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${run.stderr}`);
  const [seconds, kibibytes] = fs.readFileSync(times, 'utf8').trim().split('\n').pop().split(' ').map(Number);
  fs.rmSync(path.dirname(times), {recursive: true});
  return {out: run.stdout, seconds, mebibytes: kibibytes / 1024};
}

// The folder of generated dumps of that shape, made if it is not there.
export function dumpsOf({folder, stave, plays, tracks, users, days, seed}) {
  const dumps = path.join(folder, `dumps-${plays}-${tracks}-${users}-${days}-${seed}`);
  fs.mkdirSync(folder, {recursive: true});
  if (!fs.existsSync(dumps)) {
    timed(stave, ['gen', dumps, '--streams', plays, '--tracks', tracks, '--users', users, '--days', days, '--seed', seed]);
  }
  return dumps;
}

export const megabytes = name => execFileSync('du', ['-sb', name], {encoding: 'utf8'}).split('\t')[0] / 1e6;

// The seconds from a process's start to its end, the middle of so many runs. Timed by a shell: Node.js itself takes
// twice as long to start a process as a short question does. What it prints goes to the file `output`.
export function processSeconds(runs, output, command, args) {
  const loop = 'runs=$1 output=$2; shift 2; for ((run = 0; run < runs; run++)); do ' +
    'begin=$EPOCHREALTIME; "$@" > "$output" || exit 1; echo "$begin $EPOCHREALTIME"; done';
  const lines = execFileSync('bash', ['-c', loop, 'bash', String(runs), output, command, ...args],
    {encoding: 'utf8', env: {...process.env, LC_ALL: 'C'}}).trim().split('\n');
  const seconds = lines.map(line => line.split(' ').map(Number)).map(([begin, end]) => end - begin);
  return seconds.sort((a, b) => a - b)[seconds.length >> 1];
}

// The rows of CSV, each as its cells.
export function cellsOf(csv) {
  const rows = [];
  for (const line of csv.split('\n')) if (line) rows.push((line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [])
    .map(cell => cell.replace(/,$/, '').replace(/^"(.*)"$/s, '$1').replaceAll('""', '"')).slice(0, line.endsWith(',') ? undefined : -1));
  return rows;
}

// Spellings of one value are equal, and f64 that differ by what their additions' order does to them.
function sameCell(mine, other) {
  if (mine === other) return true;
  const isFraction = text => /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) && /[.e]/.test(mine + other);
  return isFraction(mine) && isFraction(other) && Math.abs(mine - other) <= 1e-9 * Math.max(1, Math.abs(mine), Math.abs(other));
}

// Nothing where both have the same rows in the same order.
export function firstDifference(mine, other) {
  const same = (row, at) => row.length === other[at]?.length && row.every((cell, place) => sameCell(cell, other[at][place]));
  const at = mine.findIndex((row, place) => !same(row, place));
  if (at < 0 && mine.length === other.length) return undefined;
  return `row ${at} of ${mine.length}/${other.length}:\n  stave  ${mine[at]}\n  duckdb ${other[at]}`;
}

export function printTable(table) {
  console.log('| question | stave s | DuckDB s | ratio | stave MiB | DuckDB MiB | answers |');
  console.log('|---|---:|---:|---:|---:|---:|---|');
  for (const [name, mine, other, memory, otherMemory, same] of table) {
    console.log(`| ${name} | ${mine.toFixed(3)} | ${other.toFixed(3)} | ${(other / mine).toFixed(1)} | ${memory.toFixed(0)} | ${otherMemory.toFixed(0)} | ${same} |`);
  }
}
