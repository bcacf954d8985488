// Other engines as a test sees them: tables from CSV text, questions in SQL, answers as rows of text.
// An engine that is not installed is nothing, and says why.
import {DuckDBInstance} from '@duckdb/node-api';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const types = {
  duckdb: {i64: 'bigint', f64: 'double', string: 'varchar', bool: 'boolean', date: 'date', timestamp: 'timestamp'},
  clickhouse: {i64: 'Nullable(Int64)', f64: 'Nullable(Float64)', string: 'Nullable(String)', bool: 'Nullable(Bool)', date: 'Nullable(Date32)',
    timestamp: "Nullable(DateTime64(6, \'UTC\'))"},
  postgres: {i64: 'bigint', f64: 'double precision', string: 'text', bool: 'boolean', date: 'date', timestamp: 'timestamp'},
};
const quoted = name => `"${name.replaceAll('"', '""')}"`;
const decimalOf = (type, dialect) => dialect === 'clickhouse' ? `Nullable(${type.replace('decimal', 'Decimal')})` : type;
const columnsOf = (columns, dialect) =>
  columns.map(column => `${quoted(column.name)} ${types[dialect][column.type] ?? decimalOf(column.type, dialect)}`).join(', ');
const literal = text => `'${text.replaceAll("'", "''")}'`;

export async function duckdb() {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  return {
    dialect: 'duckdb',
    async load(table, columns, file) {
      await connection.run(`create table ${quoted(table)} (${columnsOf(columns, 'duckdb')})`);
      await connection.run(`copy ${quoted(table)} from ${literal(file)} (header, allow_quoted_nulls false, auto_detect false, delimiter ',', quote '"', escape '"')`);
    },
    async ask(prologue, statement) {
      if (prologue) await connection.run(prologue);
      const result = await connection.runAndReadAll(`select cast(columns(*) as varchar) from (${statement.trim().replace(/;$/, '')})`);
      return result.getRows();
    },
    async close() {},
  };
}

// A server of its own in a temporary folder, reached by a socket there.
export async function postgres() {
  const versions = fs.existsSync('/usr/lib/postgresql') ? fs.readdirSync('/usr/lib/postgresql') : [];
  if (versions.length === 0) return 'PostgreSQL is not installed';
  const bin = path.join('/usr/lib/postgresql', versions.sort().at(-1), 'bin');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stave-postgres-'));
  fs.chmodSync(folder, 0o777);
  const asUser = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  const call = (program, ...rest) => {
    const [first, ...more] = [...asUser, path.join(bin, program), ...rest];
    execFileSync(first, more, {cwd: folder, stdio: ['ignore', 'ignore', 'pipe']});
  };
  call('initdb', '-D', path.join(folder, 'data'), '--encoding=UTF8', '--locale=C.UTF-8', '-U', 'stave', '--auth=trust', '--no-sync');
  call('pg_ctl', '-D', path.join(folder, 'data'), '-w', '-l', path.join(folder, 'log'), '-o', `-k ${folder} -h '' -F`, 'start');
  const psql = text => {
    const done = spawnSync(path.join(bin, 'psql'), ['-h', folder, '-U', 'stave', '-d', 'postgres', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-f', '-'],
      {input: text, encoding: 'utf8', maxBuffer: 1 << 30});
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout;
  };
  return {
    dialect: 'postgres',
    async load(table, columns, file) {
      psql(`create table ${quoted(table)} (${columnsOf(columns, 'postgres')});\n\\copy ${quoted(table)} from ${literal(file)} with (format csv, header)\n`);
    },
    async ask(prologue, statement) {
      return rowsOfCsv(psql(`${prologue}copy (${statement.trim().replace(/;$/, '')}) to stdout with (format csv)`));
    },
    async close() {
      call('pg_ctl', '-D', path.join(folder, 'data'), '-m', 'immediate', 'stop');
      fs.rmSync(folder, {recursive: true});
    },
  };
}

// ClickHouse inside this process; its package is large, so whoever wants it installs it beside this file (`npm install chdb`).
export async function clickhouse() {
  let chdb;
  try {
    chdb = await import('chdb');
  } catch {
    return 'ClickHouse (npm package chdb) is not installed';
  }
  const {Session} = chdb.default ?? chdb;
  const session = new Session();
  return {
    dialect: 'clickhouse',
    async load(table, columns, file) {
      session.query(`create table ${quoted(table)} (${columnsOf(columns, 'clickhouse')}) engine = Memory`);
      session.query(`insert into ${quoted(table)} from infile ${literal(file.replace('.csv', '.jsonl'))} format JSONEachRow`);
    },
    async ask(prologue, statement) {
      // The session forgets settings between calls.
      const settings = [...prologue.matchAll(/set (\w+) = ([^;]+);/g)].map(found => `${found[1]} = ${found[2]}`).join(', ');
      const text = session.query(`${statement.trim().replace(/;$/, '')} settings ${settings}, format_csv_null_representation = '', output_format_decimal_trailing_zeros = 1`, 'CSV');
      return rowsOfCsv(text);
    },
    async close() {
      session.cleanup?.();
    },
  };
}

// Cells of CSV text; an unquoted empty cell is null.
export function rowsOfCsv(text) {
  const rows = [];
  let row = [];
  let at = 0;
  while (at < text.length) {
    let cell;
    if (text[at] === '"') {
      cell = '';
      for (at++; ; at++) {
        if (text[at] === '"' && text[at + 1] === '"') at++;
        else if (text[at] === '"') break;
        cell += text[at];
      }
      at++;
    } else {
      let end = at;
      while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
      cell = end === at ? null : text.slice(at, end);
      at = end;
    }
    row.push(cell);
    if (text[at] === ',') {
      at++;
      if (at === text.length || text[at] === '\n') row.push(null);
    }
    if (at >= text.length || text[at] === '\n') {
      rows.push(row);
      row = [];
      at++;
    }
  }
  return rows;
}
