// Makes dumps that are dirty the way real ones are, from a seed: tables of random cells in random dialects, with rows
// that are too short or too long, quotes out of place, blank lines, marks and missing line ends.
// Every row begins with its name, so that what two readers made of a file can be compared row by row.

export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {  // the generator mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = bound => Math.floor(next() * bound);
  return {below, chance: share => next() < share, one: list => list[below(list.length)]};
}

export const separators = [',', ';', '\t', '|'];
export const quotes = ['"', "'"];
export const escapes = ['doubled', 'backslash'];

const words = ['a', 'Blue', 'déjà vu', 'x y', 'ß', '日本', '12', '-3.50', '007', '1e5', '2025-05-01', 'true', 'NULL', 'NA',
  '\\N', '#5', '🎵', '%', ' lead', 'trail ', "don't", 'O"Brien', 'a,b', 'a;b', 'a|b', 'a\tb', '\\', 'back\\slash', '{"k":1}'];

function anyText(random, dialect) {
  if (random.chance(0.1)) return '';
  let text = '';
  for (let piece = 1 + random.below(3); piece > 0; piece--) text += random.one(words);
  if (random.chance(0.08)) text += random.one(['\n', '\r\n']) + random.one(words);
  if (random.chance(0.08)) text += dialect.quote + random.one(words);
  if (random.chance(0.01)) text = text.repeat(1 + random.below(3000));
  return text;
}

// What a careful program would write; null is a cell without text or quotes.
function written(cell, dialect, random) {
  if (cell === null) return '';
  const needs = cell === '' || [dialect.separator, dialect.quote, '\n', '\r', '"', "'", '\\', '#'].some(part => cell.includes(part)) ||
    cell !== cell.trim();
  if (!needs && random.chance(0.7)) return cell;
  let inner = cell;
  if (dialect.escape === 'backslash') {
    inner = inner.replaceAll('\\', '\\\\').replaceAll(dialect.quote, '\\' + dialect.quote);
  } else {
    inner = inner.replaceAll(dialect.quote, dialect.quote + dialect.quote);
  }
  return dialect.quote + inner + dialect.quote;
}

// `damaged`: the names of rows that are not well-formed, which no reader may make something else of.
export function dirtyDump(seed, dialect, columns) {
  const random = randomFrom(seed);
  const lineEnd = random.one(['\n', '\r\n']);
  const dirty = random.chance(0.6);
  const rows = new Map();
  const damaged = new Set();
  const header = ['name'];
  for (let column = 1; column < columns; column++) header.push(`c${column}`);
  let text = (random.chance(0.15) ? '\uFEFF' : '') + header.join(dialect.separator) + lineEnd;
  const count = random.below(30) + 2;
  for (let row = 0; row < count; row++) {
    const name = `${seed}:${row}`;
    const cells = [name];
    while (cells.length < columns) cells.push(random.chance(0.12) ? null : anyText(random, dialect));
    // Without one escaped quote nobody could tell what a backslash means.
    if (row === 0) cells[1] = `one ${dialect.quote} quote`;
    const parts = cells.map(cell => written(cell, dialect, random));
    const line = parts.join(dialect.separator);
    if (dirty && row > 0 && random.chance(0.06)) {
      damaged.add(name);
      const kind = random.below(3);
      if (kind === 0) text += line + dialect.separator + 'extra' + lineEnd;
      if (kind === 1) text += (columns > 2 ? parts.slice(0, -1).join(dialect.separator) : line + dialect.separator + 'x') + lineEnd;
      if (kind === 2) text += name + (dialect.separator + dialect.quote + 'x' + dialect.quote + 'y').repeat(columns - 1) + lineEnd;
    } else {
      rows.set(name, cells);
      text += line;
      if (row + 1 < count || random.chance(0.7)) text += lineEnd;
    }
    if (dirty && row + 1 < count && random.chance(0.05)) text += lineEnd;
  }
  return {text, rows, damaged};
}
