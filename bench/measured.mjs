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
