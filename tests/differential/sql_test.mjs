// Programs printed as SQL give the same rows on DuckDB, PostgreSQL and ClickHouse as on Stave.
//   node sql_test.mjs STAVE [--programs N] [--seed S] [--only NAME] [--streams N]
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {clickhouse, duckdb, postgres, rowsOfCsv} from './engines.mjs';
import {sparkFaults} from './spark_grammar.mjs';
import {questions, randomProgram, traps} from './programs.mjs';

const {values: option, positionals: [stave]} = parseArgs({
  allowPositionals: true,
  options: {programs: {type: 'string', default: '300'}, seed: {type: 'string', default: '1'}, only: {type: 'string'},
    streams: {type: 'string', default: '3000'}},
});
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stave-sql-'));
fs.chmodSync(folder, 0o755);
const store = path.join(folder, 'music.stave');
const now = '2025-05-20T12:00:00';
const run = arguments_ => spawnSync(stave, arguments_, {encoding: 'utf8', maxBuffer: 1 << 30});
function must(...arguments_) {
  const done = run(arguments_);
  if (done.status !== 0) throw new Error(`stave ${arguments_.join(' ')}\n${done.stderr}`);
  return done.stdout;
}

// A small world, with a catalogue that lacks some of the tracks and users that are played.
function makeStore() {
  const dumps = path.join(folder, 'dumps');
  const plays = Number(option.streams);
  must('gen', dumps, '--streams', option.streams, '--tracks', String(Math.ceil(plays / 25)), '--users', String(Math.ceil(plays / 40)), '--days', '12', '--seed', option.seed, '--quiet');
  must('init', store, '--quiet');
  for (const file of fs.readdirSync(dumps).filter(name => name.endsWith('.csv'))) {
    const table = file.replace('.csv', '');
    const lines = fs.readFileSync(path.join(dumps, file), 'utf8').split('\n');
    const kept = table === 'tracks' || table === 'users' ? lines.filter((line, i) => line && i % 9 !== 5) : lines;
    fs.writeFileSync(path.join(dumps, file), kept.join('\n'));
    must('import', store, table, path.join(dumps, file), '--quiet');
  }
  fs.writeFileSync(path.join(folder, 'odd.csv'), 'track_id,track_name,artists,popularity,track_genre\n' +
    'o1,Zebra,"A;B",5,pop\no2,apple,B,5,\no3,Äpfel,"B;C;A",,rock\no4,,,7,pop\no5,"it\'s ""50%""",C,9,"a\\b"\n');
  must('import', store, 'tracks', path.join(folder, 'odd.csv'), '--quiet');
  fs.writeFileSync(path.join(folder, 'payouts.csv'), 'artist_id,period_start,royalty_amount\n' +
    must('query', store, 'from tracks | summarize n = count() by artist_id | where artist_id is not null | select artist_id, period_start = @2025-05-01, royalty_amount = n * 1.37 | take 9',
      '--format', 'csv', '--quiet').split('\n').slice(1).join('\n'));
  must('import', store, 'payouts', path.join(folder, 'payouts.csv'), '--quiet');
}

const typesOf = program => must('check', store, program, '--format', 'jsonl', '--quiet').trim().split('\n').filter(line => line).map(line => JSON.parse(line));

async function loadInto(engine) {
  const tables = must('describe', store, '--format', 'jsonl').trim().split('\n').map(line => JSON.parse(line));
  for (const {table, kind} of tables) {
    const described = typesOf(`from ${table}`);
    const names = described.map(column => `\`${column.column}\``).join(', ') + (kind === 'fact' ? ', day' : '');
    const columns = typesOf(`from ${table} | select ${names}`).map(column => ({name: column.column, type: column.type === 'null' ? 'string' : column.type}));
    const file = path.join(folder, `${table}.csv`);
    fs.writeFileSync(file, must('query', store, `from ${table} | select ${names}`, '--format', 'csv', '--quiet'));
    fs.writeFileSync(file.replace('.csv', '.jsonl'), must('query', store, `from ${table} | select ${names}`, '--format', 'jsonl', '--quiet'));
    await engine.load(table, columns, file);
  }
}

function canonical(rows, types) {
  const cell = (text, type) => {
    if (text === null) return '\u0000';
    if (type === 'f64') return String(Number(Number(text).toPrecision(9)));
    if (type === 'bool') return text === 't' ? 'true' : text === 'f' ? 'false' : text;
    if (type.startsWith('decimal')) return text.replace(/^(-?)\./, (_, sign) => sign + '0.');  // DuckDB leaves out the zero
    if (type === 'timestamp') return text.replace(/\.0+$/, '');
    return text;
  };
  return rows.map(row => row.map((text, i) => cell(text, types[i])).join('\u0001')).sort();
}

async function main() {
  makeStore();
  const engines = [];
  for (const make of [duckdb, postgres, clickhouse]) {
    const engine = await make();
    if (typeof engine === 'string') console.log(`not asked: ${engine}`);
    else engines.push(engine);
  }
  const programs = {...questions, ...traps};
  for (let i = 0; i < Number(option.programs); i++) programs[`random ${option.seed}/${i}`] = randomProgram(Number(option.seed) * 100_003 + i);
  const faultsOfSpark = await sparkFaults();
  const counts = {parsed: 0, same: 0, faults: 0, unsaid: 0, refused: 0};
  try {
    for (const engine of engines) await loadInto(engine);
    for (const [name, program] of Object.entries(programs)) {
      if (option.only && name !== option.only) continue;
      const own = run(['query', store, program, '--now', now, '--format', 'csv', '--quiet']);
      if (own.status !== 0) {
        if (!name.startsWith('random')) throw new Error(`${name}: ${own.stderr}`);
        counts.refused++;
        continue;
      }
      const printed = run(['sql', store, '--dialect', 'spark', program, '--now', now, '--quiet', '--no-prologue']);
      const faults = printed.status === 0 ? faultsOfSpark(printed.stdout) : [];
      if (printed.status !== 0 && !printed.stderr.includes('cannot say')) faults.push(printed.stderr);
      if (faults.length > 0) {
        counts.faults++;
        console.log(`NOT SPARK ${name}: ${faults[0]}\n${option.only ? printed.stdout : program}`);
      }
      counts.parsed += printed.status === 0 && faults.length === 0 ? 1 : 0;
      const types = typesOf(program).map(column => column.type);
      const mine = canonical(rowsOfCsv(own.stdout).slice(1), types);
      // ClickHouse has no null at the end of a frame, and joins on equalities only: it is asked the simpler ones.
      const isHard = name.startsWith('random') && /\bw0 = | as j on /.test(program);
      for (const engine of engines) {
        if (isHard && engine.dialect === 'clickhouse') continue;
        const printed = run(['sql', store, '--dialect', engine.dialect, program, '--now', now, '--quiet']);
        if (printed.status !== 0) {
          counts.unsaid++;
          if (!printed.stderr.includes('cannot say') || option.only) console.log(`${name} on ${engine.dialect}: ${printed.stderr}`);
          if (!printed.stderr.includes('cannot say')) counts.faults++;
          continue;
        }
        const begin = printed.stdout.indexOf('with ');
        let theirs;
        try {
          theirs = canonical(await engine.ask(printed.stdout.slice(0, begin), printed.stdout.slice(begin)), types);
        } catch (error) {
          theirs = [`error: ${error.message}`];
        }
        if (JSON.stringify(mine) === JSON.stringify(theirs)) {
          counts.same++;
          continue;
        }
        counts.faults++;
        const only = (a, b) => a.filter(row => !b.includes(row)).slice(0, 3).map(row => row.replaceAll('\u0001', ' | ').replaceAll('\u0000', 'null'));
        console.log(`DIFFERENT ${name} on ${engine.dialect}: ${mine.length} rows, there ${theirs.length}\n${program}\n  stave ${only(mine, theirs).join('\n        ')}\n` +
          `  there ${only(theirs, mine).join('\n        ')}${option.only ? '\n' + printed.stdout : ''}`);
      }
    }
  } finally {
    for (const engine of engines) await engine.close();
    fs.rmSync(folder, {recursive: true});
  }
  console.log(`${counts.same} answers the same on ${engines.map(engine => engine.dialect).join(' and ')}, ${counts.faults} not; ` +
    `${counts.parsed} parse as Spark's; ${counts.unsaid} cannot be said, ${counts.refused} random programs refused by Stave`);
  process.exit(counts.faults === 0 && counts.same > 0 ? 0 : 1);
}

await main();
