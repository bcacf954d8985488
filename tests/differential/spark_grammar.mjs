// Whether a statement is Spark SQL. The parser's package is written for bundlers, which find folders and files without an ending;
// Node.js has to be told how.
import {register} from 'node:module';

const hook = `export async function resolve(specifier, context, next) {
  for (const ending of ['', '.js', '/index.js']) {
    try {
      return await next(specifier + ending, context);
    } catch (error) {
      if (ending === '/index.js') throw error;
    }
  }
}`;
register('data:text/javascript,' + encodeURIComponent(hook));

// The faults of a statement, as text; none: it parses.
export async function sparkFaults() {
  const {SparkSQL} = await import('dt-sql-parser');
  const parser = new SparkSQL();
  return statement => parser.validate(statement).map(fault => `${fault.startLine}:${fault.startColumn} ${fault.message}`);
}
