// Programs that are asked of Stave and, as SQL, of other engines: every question of the language's reference, a case for each
// trap where engines differ, and random ones.
import {randomFrom} from './dirty_dumps.mjs';

export const questions = {
  '1A': `let hot = from streams | summarize plays = count() by country = country_code | top 5 by plays desc;
    from subscriptions | where status == "active" and plan_type == "premium" | join semi hot on user.country == hot.country
    | select user_id, user.display_name, plan_type, user.country | sort country, user_id`,
  '2A': `param min_countries: i64 = 1; from sessions | where date(ts) >= today() - 30d
    | summarize countries = distinct(ip_country) by user_id | where countries >= $min_countries`,
  '3A': `from streams | where user.signup_date >= today() - 700d
    | summarize total_plays = count(), short_skips = count_if(duration_sec < 30) by user_id | where total_plays > 5`,
  '3B': 'from streams | where user_id == 9 and listen_time > now() - 9d and duration_sec < 150',
  '4A': `from streams | derive activity_date = date(listen_time), cohort_date = min(date(listen_time)) over (per user_id)
    | summarize active_users = distinct(user_id) by cohort_date, activity_date
    | derive retention = active_users / first(active_users) over (per cohort_date sort activity_date) | sort cohort_date, activity_date`,
  '4B': `let promo = from campaigns | where campaign_type == "promotional";
    from streams | join inner many promo as c on date(listen_time) in c.start_date .. c.end_date
    | summarize plays_during_campaign = count() by artist = track.artists, track_id, campaign_id = c.campaign_id`,
  '5A': `param month: date = @2025-05-01; from streams | where day >= $month and day < $month + 1mo
    | join inner many royalty_rates as r on track.artist_id == r.artist_id and country_code == r.country and day in r.valid_from .. r.valid_to
    | summarize royalty_amount = count() * r.rate by artist_id = track.artist_id, track_id, country_code, rate = r.rate`,
  '5B': `param month: date = @2025-05-01; param tolerance: decimal(6,4) = 0.01;
    let plays = from streams | where day >= $month and day < $month + 1mo | summarize total_plays = count() by artist_id = track.artist_id;
    let paid = from payouts | where period_start == $month | summarize total_paid = sum(royalty_amount) by artist_id;
    from plays | join full paid on artist_id | join left expected_rates as e on artist_id
    | derive paid_rate = div(total_paid, total_plays, 8), drift = div(abs(paid_rate - e.expected_rate), e.expected_rate, 6)
    | where drift > $tolerance or drift is null`,
  'daily genre': `from streams | summarize listen_count = count(), unique_listeners = distinct(user_id),
    total_listening_ms = sum(coalesce(duration_sec * 1000, track.duration_ms)), popularity_index = avg(track.popularity) by day, genre = track.track_genre`,
  'top genres': 'from streams | summarize listen_count = count() by day, genre = track.track_genre | top 5 by listen_count desc per day',
  'top tracks': `from streams | summarize plays = count() by day, genre = track.track_genre, track_id, track.track_name
    | top 3 by plays desc, track_name, track_id per day, genre`,
  'hourly': `from streams | summarize unique_listeners = distinct(user_id), track_diversity_index = distinct(track_id) / count(),
    top_artist = top_value(track.artists) by stream_hour = hour(listen_time) | sort stream_hour`,
  'search': 'from tracks | where contains(lower(track_name), "a") | sort popularity desc, track_name, track_id | take 20',
  'revenue': 'from subscriptions | summarize mrr = sum(price_paid), subscribers = distinct(user_id) by plan_type, month = bucket(start_date, month)',
  'completion': 'from streams | summarize avg_completion = avg(completion_pct) by platform',
};

// What engines answer differently where they are left to themselves.
export const traps = {
  'integers divide into fractions': 'from users | take 1 | select a = 7 / 2, b = -7 // 2, c = -7 % 3, d = 1 / 0, e = 7 // 0, f = 7 % 0',
  'decimals divide exactly': `from users | take 1 | select a = div(2.00, 3, 4), b = div(-1, 8, 2), c = div(1, 8, 2, "half_even"), d = div(3, 8, 2, "half_even"),
    e = div(-1, 3, 2, "floor"), f = div(-1, 3, 2, "ceil"), g = div(5, 3, 0, "down"), h = div(1, 0, 2)`,
  'narrowing rounds': 'from users | take 1 | select a = 2.5::i64, b = -2.5::i64, c = 1.005::decimal(9,2), d = 2.5e0::i64, e = 0.5::decimal(3,0)',
  'rounding is half away from zero': `from users | take 1 | select a = round(2.5, 0), b = round(-2.5, 0), c = round(2.345, 2), d = round(2.345, 2, "half_even"),
    e = round(-2.341, 2, "floor"), f = round(-2.349, 2, "ceil"), g = round(2.349, 2, "down"), h = round(2.5e0, 0), i = round(0.125e0, 2)`,
  'nulls come last both ways': 'from users | select user_id, country | sort country desc, user_id | take 20',
  'a path without a match is null': 'from streams | summarize plays = count(), most = max(track.popularity) by known = track.track_name is not null',
  'aggregates of nothing are null': 'from streams | where user_id < 0 | summarize n = count(), s = sum(duration_sec), m = max(duration_sec), a = avg(duration_sec), d = distinct(user_id)',
  'a name may hide a column': 'from streams | derive duration_sec = duration_sec * 2 | where duration_sec > 100 | summarize user_id = max(user_id) by platform',
  'weeks begin on Monday': 'from streams | summarize plays = count() by week = bucket(listen_time, week)',
  'or on Sunday': 'set week_start = sunday; from streams | summarize plays = count() by week = bucket(day, week)',
  'days of another zone': 'set timezone = "America/New_York"; from streams | summarize plays = count() by d = date(listen_time), h = hour(listen_time)',
  'buckets of another zone': 'set timezone = "Asia/Kolkata"; from streams | summarize plays = count() by b = bucket(listen_time, 6h)',
  'text is ordered by bytes': 'from tracks | select n = track_name, id = track_id | sort n, id | take 50',
  'smallest text by bytes': 'from tracks | summarize a = min(track_name), b = max(track_name) by track_genre',
  'sums are wide': 'from streams | summarize s = sum(duration_sec * 1000000000)',
  'nulls group together': 'from streams | summarize n = count() by genre = track.track_genre, plan',
  'null in a list': 'from users | select user_id, a = country in ("DE", null), b = country not in ("DE", "US")',
  'open bounds': 'from users | select user_id, a = user_id in 5 .. null, b = user_id in null .. 10',
  'null-safe equality': 'from users | select user_id, a = country is "DE", b = country is not null',
  'months are clipped': 'from users | take 1 | select a = @2024-01-31 + 1mo, b = @2025-03-31 - 1mo, c = @2025-05-01 + 10d, d = @2025-05-01 - @2025-04-01',
  'ties are ranked': 'from users | derive r = rank() over (per country sort subscription_type), n = row_number() over (per country sort subscription_type) | where n <= 3',
  'running sums': 'from streams | summarize plays = count() by day | derive so_far = sum(plays) over (sort day), three = sum(plays) over (sort day rows -2 .. 0), before = lag(plays, 1) over (sort day)',
  'first and last': 'from streams | summarize plays = count() by day, platform | derive a = first(plays) over (per platform sort day), z = last(plays) over (per platform sort day), part = share(plays) over (per day)',
  'amounts are shared out exactly': 'from streams | summarize plays = count() by country_code, track_id | derive amount = allocate(1000.01, plays) over (per country_code sort track_id)',
  'shared out twice, beside another window, under the names of its parts': `from streams | summarize total = count(), weight = sum(duration_sec) by place = country_code, value = platform
    | derive whole = allocate(-99.99, weight) over (per place sort value), share = sum(total) over (per place), rows = allocate(50, total) over (sort place, value)
    | sort place, value`,
  'most frequent under the names of its parts': 'from streams | summarize place = top_value(track_id), rows = count() by value = platform',
  'a weight of null counts as zero': `from streams | summarize plays = count() by country_code, platform
    | derive weight = if(platform == "ios", null, plays), amount = allocate(100.00, weight) over (per country_code sort platform)`,
  'negative amounts too': 'from streams | summarize plays = count() by platform | derive amount = allocate(-7, plays) over (sort platform)',
  'parts of a list': 'from tracks | expand name = split(artists, ";") | summarize n = count() by name | top 10 by n desc, name',
  'lists': 'from streams | summarize most = top_values(platform, 2) by country_code',
  'the earliest of each': 'from streams | summarize f = first_by(platform, listen_time, track_id), l = last_by(platform, listen_time, track_id) by country_code',
  'quantiles interpolate': 'from streams | summarize m = median(duration_sec), q = quantile(duration_sec, 0.9), s = stddev(duration_sec) by platform',
  'joins of null keys': 'from users | select user_id, country | join left many (from users | select other = user_id, country | where other < 5) as o on country | sort user_id, other',
  'rows without a match': 'from users | join anti (from streams | where duration_sec > 200) as s on user_id | select user_id | sort user_id',
  'unions': 'from users | select k = user_id | union (from streams | select k = user_id) | summarize n = count() by k',
  'distinct rows': 'from streams | distinct platform, country_code',
  'text': 'from tracks | select track_id, u = upper(track_name), n = length(track_name), s = starts_with(track_name, "A"), e = ends_with(track_name, "s"), l = track_name like "%a_e%", c = track_name + "!"',
  'cases': 'from streams | derive k = case { duration_sec is null => "unknown", duration_sec < 30 => "short", else => "full" } | summarize n = count() by k',
  'quotes in text': `from users | take 1 | select a = "it's", b = 'say "hi"', c = "back\\\\slash", d = "50%"`,
};

const leaves = {
  streams: {i64: ['user_id', 'duration_sec', 'track.popularity', 'track.duration_ms'], decimal: ['completion_pct'],
    string: ['platform', 'country_code', 'track.track_genre', 'user.country', 'track_id'], date: ['day', 'user.signup_date'],
    timestamp: ['listen_time'], f64: ['track.danceability', 'track.energy']},
  tracks: {i64: ['popularity', 'duration_ms', 'key'], decimal: ['1.5', '0.25'], string: ['track_genre', 'track_name', 'track_id', 'artists'],
    date: ['release_date'], timestamp: [], f64: ['danceability', 'energy', 'tempo']},
  subscriptions: {i64: ['user_id'], decimal: ['price_paid'], string: ['plan_type', 'status', 'currency', 'user.country'],
    date: ['start_date', 'end_date'], timestamp: [], f64: []},
};
const keys = {streams: ['user_id', 'track_id', 'listen_time'], tracks: ['track_id'], subscriptions: ['subscription_id']};
const texts = ['"DE"', '"US"', '"web"', '"ios"', '"pop"', '"a"', '""'];

class Writer {
  constructor(random, columns) {
    this.random = random;
    this.columns = columns;
  }

  column(type) {
    const found = this.columns[type];
    return found.length > 0 ? this.random.one(found) : null;
  }

  any(types) {
    const type = this.random.one(types.filter(type => this.columns[type].length > 0));
    return this.column(type);
  }

  number(depth) {
    const column = this.column('i64') ?? '3';
    if (depth === 0) return this.random.below(4) === 0 ? String(this.random.below(300)) : column;
    const a = () => this.number(depth - 1);
    switch (this.random.below(11)) {
      case 0: return `(${a()} + ${a()})`;
      case 1: return `(${a()} - ${a()})`;
      case 2: return `(${a()} * ${1 + this.random.below(20)})`;
      case 3: return `(${a()} // ${a()})`;
      case 4: return `(${a()} % ${a()})`;
      case 5: return `abs(${a()})`;
      case 6: return `coalesce(${a()}, ${a()})`;
      case 7: return `if(${this.condition(depth - 1)}, ${a()}, ${a()})`;
      case 8: return `length(${this.text(0)})`;
      case 9: return this.column('date') ? `${this.random.one(['year', 'month', 'dow'])}(${this.column('date')})` : a();
      default: return this.column('timestamp') ? `hour(${this.column('timestamp')})` : a();
    }
  }

  exact(depth) {
    const column = this.column('decimal') ?? '2.50';
    if (depth === 0) return this.random.below(3) === 0 ? `${this.random.below(90)}.${10 + this.random.below(90)}` : column;
    switch (this.random.below(5)) {
      case 0: return `(${this.exact(0)} + ${this.exact(0)})`;
      case 1: return `(${this.exact(0)} * ${this.exact(0)})`;
      case 2: return `round(${this.exact(0)}, ${this.random.below(2)}${this.random.one(['', ', "half_even"', ', "floor"', ', "ceil"', ', "down"'])})`;
      case 3: return `div(${this.exact(0)}, ${this.number(0)}, ${this.random.below(5)})`;
      default: return `(${this.number(0)} - ${this.exact(0)})`;
    }
  }

  text(depth) {
    const column = this.column('string');
    if (depth === 0 || column === null) return column ?? this.random.one(texts);
    switch (this.random.below(4)) {
      case 0: return `lower(${column})`;
      case 1: return `(${column} + "-" + ${this.text(0)})`;
      case 2: return `coalesce(${column}, "none")`;
      default: return `case { ${this.condition(0)} => ${column}, else => "other" }`;
    }
  }

  condition(depth) {
    if (depth > 0) {
      switch (this.random.below(4)) {
        case 0: return `(${this.condition(depth - 1)} and ${this.condition(depth - 1)})`;
        case 1: return `(${this.condition(depth - 1)} or ${this.condition(depth - 1)})`;
        case 2: return `not (${this.condition(depth - 1)})`;
        default: break;
      }
    }
    const sign = this.random.one(['==', '!=', '<', '<=', '>', '>=']);
    switch (this.random.below(8)) {
      case 0: return `${this.number(depth)} ${sign} ${this.number(0)}`;
      case 1: return `${this.text(0)} ${sign} ${this.random.one(texts)}`;
      case 2: return `${this.exact(0)} ${sign} ${this.exact(0)}`;
      case 3: return `${this.any(['i64', 'string', 'date'])} is ${this.random.one(['', 'not '])}null`;
      case 4: return `${this.text(0)} ${this.random.one(['', 'not '])}in (${this.random.one(texts)}, ${this.random.one(texts)})`;
      case 5: return `${this.number(0)} in ${this.random.below(100)} .. ${50 + this.random.below(300)}`;
      case 7: if (this.column('timestamp') && this.random.below(2) === 0) return `${this.time()} ${sign} @2025-05-0${1 + this.random.below(9)}T1${this.random.below(9)}:30:00`;
        return this.column('date') ? `${this.column('date')} ${sign} @2025-05-${10 + this.random.below(19)}` : `${this.number(0)} ${sign} 3`;
      case 6: return `${this.text(0)} like ${this.random.one(['"%a%"', '"_o%"', '"%s"'])}`;
      default: return `${this.any(['string', 'date', 'i64'])} is not null`;
    }
  }

  aggregate() {
    switch (this.random.below(12)) {
      case 9: return `quantile(${this.column('i64') ?? '3'}, ${this.random.one(['0.1', '0.25', '0.9'])})`;
      case 10: return `${this.random.one(['first_by', 'last_by'])}(${this.any(['i64', 'string'])}, ${this.any(['date', 'i64'])})`;
      case 11: return `${this.random.one(['min', 'max'])}(${this.time()})`;
      case 0: return 'count()';
      case 1: return `count_if(${this.condition(1)})`;
      case 2: return `sum(${this.number(1)})`;
      case 3: return `sum(${this.exact(1)})`;
      case 4: return `avg(${this.random.one([this.number(1), this.exact(0)])})`;
      case 5: return `${this.random.one(['min', 'max'])}(${this.any(['i64', 'string', 'date', 'decimal', 'f64'])})`;
      case 6: return `distinct(${this.any(['i64', 'string', 'date'])})`;
      case 7: return `median(${this.column('i64') ?? '3'})`;
      default: return `count() * ${1 + this.random.below(5)}`;
    }
  }

  time() {
    const column = this.column('timestamp');
    if (column === null) return '@2025-05-04T10:00:00';
    return this.random.one([column, `bucket(${column}, 6h)`, `(${column} + 90min)`, `coalesce(${column}, @2025-05-04T10:00:00)`]);
  }

  // Over rows, in an order that keys of the table settle.
  window(order) {
    const per = this.random.below(3) === 0 ? '' : `per ${this.text(0)} `;
    const from = this.random.below(5) - 3;
    const frame = `rows ${from} .. ${from + this.random.below(4)}`;
    const sort = `sort ${this.random.one([this.number(0), this.any(['i64', 'date', 'string'])])} ${this.random.one(['asc', 'desc'])}, ${order}`;
    const sum = `${this.random.one(['sum', 'min', 'max', 'avg', 'count_if'])}`;
    const moving = sum === 'count_if' ? `count_if(${this.condition(0)})` : `${sum}(${this.number(1)})`;
    switch (this.random.below(6)) {
      case 0: return `${moving} over (${per}${sort} ${frame})`;
      case 1: return `${moving} over (${per}${sort})`;
      case 2: return `${this.random.one(['row_number', 'rank', 'dense_rank'])}() over (${per}${sort})`;
      case 3: return `${this.random.one(['lag', 'lead'])}(${this.any(['i64', 'string', 'decimal'])}, ${1 + this.random.below(3)}) over (${per}${sort})`;
      case 4: return `${this.random.one(['first', 'last'])}(${this.text(1)}) over (${per}${sort} ${frame})`;
      default: return `sum(${this.exact(0)}) over (${per || 'per ' + this.text(0)})`;
    }
  }

  key() {
    switch (this.random.below(5)) {
      case 4: return `bucket(${this.time()}, ${this.random.one(['6h', 'day', 'month'])})`;
      case 0: return this.column('date') ? `bucket(${this.column('date')}, ${this.random.one(['week', 'month', 'quarter', 'year', 'day'])})` : this.text(0);
      case 1: return this.text(1);
      case 2: return `${this.number(0)} % 7`;
      default: return this.text(0);
    }
  }
}

// With rows of any table on a text or a number, or where a number lies near.
function join(random, table) {
  const other = random.one(Object.keys(leaves));
  const [left, right] = [new Writer(random, leaves[table]), new Writer(random, leaves[other])];
  const type = random.one(['string', 'i64']);
  const [key, value] = [left.column(type) ?? left.any(['string', 'i64']), right.column('i64') ?? '1'];
  const from = `(from ${other} | where ${right.condition(1)} | select jk = ${right.column(type) ?? key}, jv = ${value} | top 20 by jk, jv)`;
  const kind = random.one(['semi', 'anti', 'inner many', 'left many', 'full many']);
  const near = type === 'i64' && random.below(3) === 0 ? `${key} in j.jv .. j.jv + ${random.below(9)}` : `${key} ${random.one(['==', '==', 'is'])} j.jk`;
  return ` | join ${kind} ${from} as j on ${near}`;
}

export function randomProgram(seed) {
  const random = randomFrom(seed);
  const table = random.one(Object.keys(leaves));
  const writer = new Writer(random, leaves[table]);
  let program = `from ${table}`;
  for (let i = random.below(3); i > 0; i--) program += ` | where ${writer.condition(2)}`;
  if (random.below(4) === 0) program += ` | union (from ${table} | where ${writer.condition(1)})`;
  if (random.below(4) === 0) program += join(random, table);
  if (random.below(4) === 0) return `${program} | derive w0 = ${writer.window(keys[table].join(', '))}, w1 = ${writer.window(keys[table].join(', '))}`;
  if (random.below(3) > 0) {
    const by = Array.from({length: random.below(3)}, (_, i) => `k${i} = ${writer.key()}`);
    const values = Array.from({length: 1 + random.below(3)}, (_, i) => `a${i} = ${writer.aggregate()}`);
    program += ` | summarize ${values.join(', ')}${by.length > 0 ? ' by ' + by.join(', ') : ''}`;
    const names = by.map((_, i) => `k${i}`);
    if (names.length > 0 && random.below(2) === 0) program += ` | top ${1 + random.below(9)} by a0 ${random.one(['asc', 'desc'])}${names.length > 1 ? ' per k0' : ''}`;
    else if (names.length > 0 && random.below(2) === 0) program += ` | derive w = rank() over (${names.length > 1 ? 'per k0 ' : ''}sort a0 desc), v = count() over (per k0)`;
    else if (random.below(2) === 0) program += ' | where a0 is not null';
    return program;
  }
  const made = [writer.number(2), writer.exact(1), writer.text(1), writer.condition(2)].map((text, i) => `d${i} = ${text}`);
  program += ` | derive ${made.slice(0, 1 + random.below(4)).join(', ')}`;
  const names = keys[table];
  if (random.below(2) === 0) return `${program} | sort d0 ${random.one(['asc', 'desc'])}, ${names.join(', ')} | take ${1 + random.below(40)}`;
  return `${program} | distinct d0, ${writer.text(0)}`;
}
