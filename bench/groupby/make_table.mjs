// The table of the H2O group-by questions, in DuckDB and as CSV.
//   node make_table.mjs DATABASE CSV ROWS GROUPS SEED
import {DuckDBInstance} from '@duckdb/node-api';

const [database, csv, rows, groups, seed] = process.argv.slice(2);
const instance = await DuckDBInstance.create(database, {threads: '1'});
const connection = await instance.connect();
const many = Math.ceil(Number(rows) / Number(groups));
const number = most => `(1 + floor(random() * ${most}))::INTEGER`;
const named = (most, digits) => `'id' || lpad(${number(most)}::VARCHAR, ${digits}, '0')`;
await connection.run(`SELECT setseed(${Number(seed)})`);
await connection.run(`CREATE TABLE g AS SELECT ${named(groups, 3)} AS id1, ${named(groups, 3)} AS id2, ${named(many, 10)} AS id3,
  ${number(groups)} AS id4, ${number(groups)} AS id5, ${number(many)} AS id6, ${number(5)} AS v1, ${number(15)} AS v2,
  round(random() * 100, 6) AS v3 FROM range(${Number(rows)})`);
await connection.run('CHECKPOINT');
await connection.run(`COPY g TO '${csv}' (HEADER)`);
connection.closeSync();
instance.closeSync();
