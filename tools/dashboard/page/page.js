// Draws the dashboard from the aggregates in the page. Nothing is fetched. A filter redraws everything at once.
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const byId = id => document.getElementById(id);
const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});
const percent = new Intl.NumberFormat('en', {style: 'percent', maximumFractionDigits: 1});
const dark = matchMedia('(prefers-color-scheme: dark)');
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const palette = ['#2667c9', '#d1681f', '#2a8f5b', '#b03a6f', '#7a5cc4', '#a88a1c', '#1f93a8', '#c2453f', '#5f7a2a', '#8a6a53', '#7f8794'];
const {days, genres, countries} = data;
const charts = new Map();

const escaped = text => String(text).replace(/[&<>"]/g, c => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[c]);
const sum = list => list.reduce((a, b) => a + b, 0);

// Cells of plays and listeners by day, genre and country: [day, genre, country, plays, listeners].
const cells = data.cells;
const chosen = {from: 0, to: days.length - 1, genre: -1, country: -1};
const keeps = ([day, genre, country]) => day >= chosen.from && day <= chosen.to &&
  (chosen.genre < 0 || genre === chosen.genre) && (chosen.country < 0 || country === chosen.country);

function table(target, columns, rows, caption) {
  byId(target).innerHTML = `<table>${caption ? `<caption class="hidden-table">${escaped(caption)}</caption>` : ''}<thead><tr>` +
    columns.map(column => `<th scope="col"${column.number ? ' class="number"' : ''}>${escaped(column.name)}</th>`).join('') + '</tr></thead><tbody>' +
    rows.map(row => '<tr>' + row.map((cell, i) => `<td${columns[i].number ? ' class="number"' : ''}>${escaped(cell ?? '')}</td>`).join('') + '</tr>').join('') +
    '</tbody></table>';
}

const colours = () => ({text: dark.matches ? '#e8eaee' : '#1b1e24', quiet: dark.matches ? '#a0a7b3' : '#5f6672', line: dark.matches ? '#333943' : '#dfe2e7'});

function draw(target, label, option) {
  if (typeof echarts === 'undefined') return;
  if (!charts.has(target)) charts.set(target, echarts.init(byId(target), null, {renderer: 'svg'}));
  const {text, quiet, line} = colours();
  const axis = {axisLine: {lineStyle: {color: line}}, axisLabel: {color: quiet}, splitLine: {lineStyle: {color: line}}, nameTextStyle: {color: quiet}};
  const styled = axes => [].concat(axes ?? []).map(one => ({...axis, ...one, axisLabel: {...axis.axisLabel, ...one.axisLabel}}));
  charts.get(target).setOption({
    ...option, color: palette, animation: false, textStyle: {color: text}, aria: {enabled: true, label: {description: label}},
    ...(option.xAxis ? {xAxis: styled(option.xAxis), yAxis: styled(option.yAxis)} : {}),
    ...(option.legend ? {legend: {...option.legend, textStyle: {color: quiet}, pageTextStyle: {color: quiet}}} : {}),
  }, true);
}

function figures() {
  const kept = cells.filter(keeps);
  const plays = sum(kept.map(cell => cell[3]));
  const all = chosen.from === 0 && chosen.to === days.length - 1 && chosen.genre < 0 && chosen.country < 0;
  const entries = [['Plays', whole.format(plays)], ['Days', whole.format(chosen.to - chosen.from + 1)],
    ['Plays a day', whole.format(Math.round(plays / (chosen.to - chosen.from + 1)))]];
  if (all) entries.push(['Listeners', whole.format(data.totals.listeners)], ['Tracks played', whole.format(data.totals.tracks)], ['Hours', whole.format(data.totals.hours)]);
  byId('figures').innerHTML = '<dl class="figures" style="margin:0;border:0;padding:0">' + entries.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('') + '</dl>';
  byId('chosen').textContent = `${whole.format(plays)} plays`;
}

function daily() {
  const plays = new Array(days.length).fill(0);
  for (const cell of cells) if (keeps(cell)) plays[cell[0]] += cell[3];
  // Distinct listeners do not add up, so each choice has its own count.
  const listeners = new Array(days.length).fill(null);
  if (chosen.genre >= 0 && chosen.country >= 0) for (const cell of cells) { if (keeps(cell)) listeners[cell[0]] = cell[4]; }
  else if (chosen.genre >= 0) for (const [day, genre, count] of data.listeners_by_genre) { if (genre === chosen.genre) listeners[day] = count; }
  else if (chosen.country >= 0) for (const [day, country, count] of data.listeners_by_country) { if (country === chosen.country) listeners[day] = count; }
  else data.listeners.forEach((count, day) => { listeners[day] = count; });
  const part = list => list.slice(chosen.from, chosen.to + 1);
  draw('daily', `Plays and listeners of ${chosen.to - chosen.from + 1} days`, {
    tooltip: {trigger: 'axis', valueFormatter: value => value == null ? 'none' : whole.format(value)}, legend: {top: 0}, grid: {left: 60, right: 20, top: 35, bottom: 30},
    xAxis: {type: 'category', data: part(days)}, yAxis: {type: 'value', axisLabel: {formatter: value => short.format(value)}},
    series: [{name: 'Plays', type: 'line', showSymbol: false, areaStyle: {opacity: .12}, data: part(plays)},
      {name: 'Listeners', type: 'line', showSymbol: false, data: part(listeners)}],
  });
}

function hours() {
  const grid = new Map();
  const add = (day, hour, plays) => {
    if (day < chosen.from || day > chosen.to) return;
    const weekday = (new Date(days[day] + 'T00:00:00Z').getUTCDay() + 6) % 7;
    grid.set(weekday * 24 + hour, (grid.get(weekday * 24 + hour) ?? 0) + plays);
  };
  let note = '';
  if (chosen.country >= 0) {
    for (const [day, hour, country, plays] of data.hours_by_country) if (country === chosen.country) add(day, hour, plays);
    if (chosen.genre >= 0) note = 'Of all genres: hours are kept by country or by genre, not by both.';
  } else for (const [day, hour, genre, plays] of data.hours_by_genre) if (chosen.genre < 0 || genre === chosen.genre) add(day, hour, plays);
  byId('hours-note').textContent = note;
  const points = [...grid].map(([at, plays]) => [at % 24, Math.floor(at / 24), plays]);
  draw('hours', 'Plays by weekday and hour', {
    tooltip: {formatter: ({value}) => `${weekdays[value[1]]} ${value[0]}:00 — ${whole.format(value[2])} plays`}, grid: {left: 45, right: 15, top: 10, bottom: 60},
    xAxis: {type: 'category', data: [...Array(24).keys()]}, yAxis: {type: 'category', data: weekdays, inverse: true},
    visualMap: {min: 0, max: Math.max(1, ...points.map(point => point[2])), orient: 'horizontal', left: 'center', bottom: 0, calculable: false, text: ['more plays', 'fewer'], formatter: value => short.format(value),
      textStyle: {color: colours().quiet}, inRange: {color: dark.matches ? ['#1d2430', '#2f6fd0', '#a9cbff'] : ['#eef3fb', '#7ea9e6', '#12408a']}},
    series: [{type: 'heatmap', data: points}],
  });
}

// "(other)" and "(unknown)" are no names, and stand behind all that are.
const isRest = name => name === '(other)' || name === '(unknown)';

function ranked(target, names, position, label) {
  const plays = new Array(names.length).fill(0);
  for (const cell of cells) if (keeps(cell)) plays[cell[position]] += cell[3];
  const order = names.map((name, i) => [name, plays[i]]).filter(([, count]) => count > 0).sort((a, b) => isRest(b[0]) - isRest(a[0]) || a[1] - b[1]);
  draw(target, label, {
    tooltip: {trigger: 'axis', axisPointer: {type: 'shadow'}, valueFormatter: value => whole.format(value)}, grid: {left: 110, right: 55, top: 5, bottom: 25},
    xAxis: {type: 'value', axisLabel: {formatter: value => short.format(value)}},
    yAxis: {type: 'category', data: order.map(([name]) => name), axisLabel: {width: 95, overflow: 'truncate'}},
    series: [{type: 'bar', data: order.map(([, count]) => count), label: {show: true, position: 'right', color: colours().quiet, formatter: ({value}) => short.format(value)}}],
  });
}

function shares() {
  const byGenre = genres.map(() => new Array(days.length).fill(0));
  const total = new Array(days.length).fill(0);
  for (const cell of cells) {
    if (cell[0] < chosen.from || cell[0] > chosen.to || (chosen.country >= 0 && cell[2] !== chosen.country)) continue;
    byGenre[cell[1]][cell[0]] += cell[3];
    total[cell[0]] += cell[3];
  }
  const order = genres.map((name, i) => i).sort((a, b) => isRest(genres[a]) - isRest(genres[b]) || sum(byGenre[b]) - sum(byGenre[a]));
  const named = order.filter(i => !isRest(genres[i]));
  // Nine names, then all others together, so that the shares of a day add up.
  const parts = chosen.genre >= 0 ? [[genres[chosen.genre], byGenre[chosen.genre]]] : named.slice(0, 9).map(i => [genres[i], byGenre[i]]);
  const others = order.filter(i => genres[i] === '(other)' || named.indexOf(i) >= 9);
  if (chosen.genre < 0 && others.length > 0) parts.push(['(other)', days.map((day, at) => sum(others.map(i => byGenre[i][at])))]);
  if (chosen.genre < 0) parts.push(...order.filter(i => genres[i] === '(unknown)').map(i => [genres[i], byGenre[i]]));
  const share = list => list.map((count, day) => total[day] > 0 ? count / total[day] : 0).slice(chosen.from, chosen.to + 1);
  draw('shares', 'Shares of genres by day', {
    tooltip: {trigger: 'axis', order: 'valueDesc', valueFormatter: value => percent.format(value)}, legend: {type: 'scroll', top: 0}, grid: {left: 50, right: 20, top: 35, bottom: 30},
    xAxis: {type: 'category', data: days.slice(chosen.from, chosen.to + 1)}, yAxis: {type: 'value', max: chosen.genre < 0 ? 1 : null, axisLabel: {formatter: value => percent.format(value)}},
    series: parts.map(([name, plays]) => ({name, ...(isRest(name) ? {color: '#9aa1ac'} : {}), type: 'line', stack: 'shares', showSymbol: false, areaStyle: {}, lineStyle: {width: 0}, data: share(plays)})),
  });
}

// Rankings are kept by month; those of the months that the dates touch are added up.
function tops(target, list, names, position) {
  const months = new Set(days.slice(chosen.from, chosen.to + 1).map(day => day.slice(0, 7)));
  const plays = new Map();
  for (const [month, genre, country, item, count] of list) {
    if (genre !== chosen.genre || country !== chosen.country || !months.has(data.months[month])) continue;
    plays.set(item, (plays.get(item) ?? 0) + count);
  }
  const rows = [...plays].sort((a, b) => b[1] - a[1] || (names[a[0]] < names[b[0]] ? -1 : 1)).slice(0, 10);
  table(target, [{name: '', number: true}, {name: position}, {name: 'Plays', number: true}], rows.map(([item, count], i) => [i + 1, names[item], whole.format(count)]), `Top ${target}`);
  return months.size;
}

function retention() {
  const cohorts = [...new Set(data.retention.map(row => row[0]))];
  const last = Math.max(0, ...data.retention.map(row => row[1]));
  const found = new Map(data.retention.map(([cohort, week, listeners]) => [`${cohort} ${week}`, listeners]));
  const head = Array.from({length: last + 1}, (_, week) => `<th scope="col" class="number">+${week}</th>`).join('');
  const body = cohorts.map(cohort => {
    const first = found.get(`${cohort} 0`) ?? 0;
    const line = Array.from({length: last + 1}, (_, week) => {
      const listeners = found.get(`${cohort} ${week}`);
      if (listeners === undefined) return '<td></td>';
      const share = first > 0 ? listeners / first : 0;
      return `<td class="number cell" style="background: color-mix(in srgb, var(--accent) ${Math.round(share * 70)}%, transparent)" title="${whole.format(listeners)} listeners">${percent.format(share)}</td>`;
    }).join('');
    return `<tr><th scope="row">${escaped(cohort)}</th><td class="number">${whole.format(first)}</td>${line}</tr>`;
  }).join('');
  byId('retention').innerHTML = `<table><thead><tr><th scope="col">Week of</th><th scope="col" class="number">Listeners</th>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function royalty() {
  const {artists, concentration, models, period, currency} = data.royalty;
  byId('royalty-section').hidden = byId('concentration-section').hidden = artists.length === 0;
  byId('models-section').hidden = models.length === 0;
  byId('royalty-note').textContent = `Pro-rata of ${period}, in ${currency}. All genres and countries.`;
  const order = artists.slice(0, 15).reverse();
  if (artists.length > 0) {
    draw('royalty', 'Royalty of the best paid artists', {
      tooltip: {trigger: 'axis', axisPointer: {type: 'shadow'}}, grid: {left: 150, right: 70, top: 5, bottom: 25},
      xAxis: {type: 'value', axisLabel: {formatter: value => short.format(value)}}, yAxis: {type: 'category', data: order.map(([name]) => name), axisLabel: {width: 135, overflow: 'truncate'}},
      series: [{type: 'bar', data: order.map(([, amount]) => Number(amount)), label: {show: true, position: 'right', color: colours().quiet, formatter: ({dataIndex}) => order[dataIndex][1]}}],
    });
    draw('concentration', 'Share of all money by rank of the artist', {
      tooltip: {trigger: 'axis', valueFormatter: value => percent.format(value)}, grid: {left: 50, right: 20, top: 10, bottom: 40},
      xAxis: {type: 'value', name: 'artists', nameLocation: 'middle', nameGap: 25, min: 0, max: concentration.at(-1)[0]}, yAxis: {type: 'value', max: 1, axisLabel: {formatter: value => percent.format(value)}},
      series: [{type: 'line', showSymbol: false, areaStyle: {opacity: .12}, data: concentration}],
    });
  }
  table('models', [{name: 'Rank'}, {name: 'Pro-rata', number: true}, {name: 'User-centric', number: true}, {name: 'Difference', number: true}], models);
}

function redraw() {
  figures();
  daily();
  hours();
  ranked('genres', genres, 1, 'Genres by plays');
  shares();
  ranked('countries', countries, 2, 'Countries by plays');
  const months = tops('tracks', data.top_tracks, data.track_names, 'Track');
  tops('artists', data.top_artists, data.artist_names, 'Artist');
  const whole_months = chosen.from === 0 && chosen.to === days.length - 1;
  byId('tops-note').textContent = whole_months ? '' : `Of the ${months === 1 ? 'month' : months + ' months'} that the dates touch.`;
}

function start() {
  byId('span').textContent = days.length > 0 ? `${days[0]} to ${days.at(-1)}, days in ${data.timezone}. ${data.store}, snapshot ${data.snapshot}.` : 'The store has no plays yet.';
  const fill = (id, names, all) => { byId(id).innerHTML = `<option value="-1">${all}</option>` + names.map((name, i) => `<option value="${i}">${escaped(name)}</option>`).join(''); };
  fill('genre', genres, 'All genres');
  fill('country', countries, 'All countries');
  for (const id of ['from', 'to']) { byId(id).min = days[0]; byId(id).max = days.at(-1); }
  const show = () => { byId('from').value = days[chosen.from]; byId('to').value = days[chosen.to]; };
  const nearest = (text, otherwise) => {
    if (!text) return otherwise;
    const at = days.findIndex(day => day >= text);
    return at < 0 ? days.length - 1 : at;
  };
  byId('filters').addEventListener('change', () => {
    chosen.from = nearest(byId('from').value, 0);
    chosen.to = Math.max(chosen.from, nearest(byId('to').value, days.length - 1));
    chosen.genre = Number(byId('genre').value);
    chosen.country = Number(byId('country').value);
    redraw();
  });
  byId('filters').addEventListener('reset', () => setTimeout(() => {
    Object.assign(chosen, {from: 0, to: days.length - 1, genre: -1, country: -1});
    show();
    redraw();
  }));
  byId('filters').addEventListener('submit', event => event.preventDefault());
  const again = () => { redraw(); royalty(); };
  dark.addEventListener('change', again);
  addEventListener('resize', () => charts.forEach(chart => chart.resize()));
  addEventListener('beforeprint', () => charts.forEach(chart => chart.resize()));
  show();
  if (days.length > 0) redraw();
  retention();
  royalty();
  table('quality', [{name: 'Check'}, {name: 'Rows', number: true}, {name: 'Of', number: true}, {name: 'Share', number: true}],
    data.quality.map(([name, rows, of]) => [name, whole.format(rows), whole.format(of), of > 0 ? percent.format(rows / of) : '']));
  table('imports', [{name: 'Load', number: true}, {name: 'When (UTC)'}, {name: 'Table'}, {name: 'Rows', number: true}, {name: 'Rejected', number: true}, {name: 'Files'}],
    data.imports.map(([id, time, name, rows, rejected, files]) => [id, time, name, whole.format(rows), whole.format(rejected), files]));
  byId('footer').textContent = `Made by stave ${data.version}. Only aggregates are in this page.`;
  document.body.dataset.ready = 'true';
}

start();
