// SPDX-License-Identifier: Apache-2.0
// The live overview: asks the server again and again, and shows what it answers.

import {bars, draw, line, overTime, ranking, tabulate, themed} from './charts.js';
import {$, chip, el, load, replace, ServerError} from './dom.js';
import * as format from './format.js';
import {retryFacts, showRows} from './scopes.js';

const RANGES = {'15m': 15, '1h': 60, '6h': 360, '24h': 1440, '7d': 10_080, '30d': 43_200};
const NAMES = {'15m': '15 minutes', '1h': 'hour', '6h': '6 hours', '24h': '24 hours', '7d': '7 days', '30d': '30 days'};
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const STALE_AFTER = 3 * MINUTE;

/** What is looked at; mirrored in the URL, so that a link shows the same. */
const view = readUrl();
let timer;
let request = 0;

function readUrl() {
  const params = new URLSearchParams(location.search);
  const number = (name) => (/^\d+$/.test(params.get(name) ?? '') ? Number(params.get(name)) : null);
  const [from, to] = [number('from'), number('to')];
  const custom = from !== null && to !== null && from < to;
  return {
    range: custom ? 'custom' : params.get('range') in RANGES ? params.get('range') : '1h',
    from, to,
    environment: params.get('environment') ?? '',
  };
}

function writeUrl() {
  const params = new URLSearchParams();
  if (view.range === 'custom') {
    params.set('from', view.from);
    params.set('to', view.to);
  } else if (view.range !== '1h') {
    params.set('range', view.range);
  }
  if (view.environment !== '') {
    params.set('environment', view.environment);
  }
  const query = params.toString();
  history.replaceState(null, '', query === '' ? '/' : `/?${query}`);
}

const isLive = () => view.range !== 'custom' || view.to > Date.now();

function pollDelay(failed) {
  if (failed) {
    return 3000;
  }
  const minutes = view.range === 'custom' ? (view.to - view.from) / MINUTE : RANGES[view.range];
  return !isLive() ? 60_000 : minutes <= 60 ? 2000 : minutes <= 360 ? 5000 : minutes <= 1440 ? 20_000 : 60_000;
}

async function refresh() {
  clearTimeout(timer);
  if (document.hidden) {
    return;
  }
  const mine = ++request;
  const params = new URLSearchParams();
  if (view.range === 'custom') {
    params.set('from', view.from);
    params.set('to', view.to);
  } else {
    const to = Date.now();
    params.set('from', to - RANGES[view.range] * MINUTE);
    params.set('to', to);
  }
  if (view.environment !== '') {
    params.set('environment', view.environment);
  }
  let failed = false;
  try {
    const data = await load(`/api/overview?${params}`);
    if (mine === request) {
      show(data, params);
    }
  } catch (error) {
    failed = true;
    if (mine === request) {
      showFailure(error);
    }
  }
  if (mine === request) {
    timer = setTimeout(refresh, pollDelay(failed));
  }
}

function showFailure(error) {
  if (!(error instanceof ServerError)) {
    console.error(error);
  }
  banner('broken', 'No current numbers', `${error.message.replace(/[^.?!]$/, '$&.')} Trying again every few seconds.`);
  live('broken', 'Not connected');
  $('loading').hidden = true;
}

function banner(kind, title, text) {
  const box = $('banner');
  box.hidden = kind === null;
  box.dataset.kind = kind ?? '';
  if (kind !== null) {
    replace(box, el('b', {}, title), el('span', {}, text));
  }
}

function live(state, text) {
  const box = $('live');
  box.dataset.state = state;
  if (box.textContent !== text) {
    box.textContent = text;
  }
}

function show(data, params) {
  $('loading').hidden = true;
  showState(data);
  showEnvironments(data.environments);
  const hasData = data.totals.attempts > 0;
  $('overview').hidden = !hasData && data.firing === 0;
  $('empty').hidden = data.data_until !== null || data.firing > 0;
  $('nothing').hidden = hasData || data.data_until === null;
  document.title = `${data.firing > 0 ? `(${data.firing}) ` : ''}Petrel · LLM calls`;
  if (!$('nothing').hidden) {
    showNothing(data);
  }
  if ($('overview').hidden) {
    return;
  }
  showAlerts(data);
  showOthers(data.others);
  showTiles(data);
  document.querySelector('#overview .grid').hidden = !hasData;
  if (hasData) {
    showCharts(data);
    showTables(data, params);
  }
}

function showState(data) {
  const end = data.data_until === null ? null : data.data_until + MINUTE;
  const stale = isLive() && end !== null && data.now - end > STALE_AFTER;
  if (data.unreadable_documents > 0) {
    banner('stale', 'Incomplete', `${format.plural(data.unreadable_documents, 'aggregate')} of another release of Petrel cannot be read and are not counted in charts.`);
  } else if (stale) {
    banner('stale', 'No new data', `The newest is of ${format.dateAndTime(data.data_until)}. Either nothing has been called since, or the pipeline is behind.`);
  } else {
    banner(null);
  }
  if (!isLive()) {
    live('past', `${format.dateAndTime(view.from)} to ${format.dateAndTime(view.to)}`);
  } else {
    live(stale ? 'loading' : 'live', end === null ? 'Live' : `Live, data until ${format.at(Math.min(end, data.now))}`);
  }
}

function showNothing(data) {
  const minutes = Math.round((data.to - data.from) / MINUTE);
  $('nothing-text').textContent =
    `From ${format.dateAndTime(data.from)} to ${format.dateAndTime(data.to)}`
    + `${view.environment === '' ? '' : ` in ${view.environment}`} no call is known. The newest one of all is of ${format.dateAndTime(data.data_until)}.`;
  const to = data.data_until + MINUTE;
  $('nothing-link').href = `/?from=${to - Math.max(minutes, 15) * MINUTE}&to=${to}`;
}

function showEnvironments(names) {
  const select = $('environment');
  const all = new Set(names);
  if (view.environment !== '') {
    all.add(view.environment);
  }
  const wanted = ['', ...[...all].sort()];
  if (wanted.join('\n') !== [...select.options].map((option) => option.value).join('\n')) {
    select.replaceChildren(...wanted.map((name) => el('option', {value: name}, name === '' ? 'All environments' : name)));
  }
  select.value = view.environment;
}

const SEVERITIES = ['critical', 'error', 'warning', 'info'];

function showAlerts(data) {
  const alerts = [...data.alerts].sort((a, b) =>
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.starts_at - a.starts_at);
  const items = alerts.map((alert) => {
    const labels = Object.entries(alert.labels ?? {}).filter(([name]) => name !== 'severity');
    return el('a', {class: 'alert', href: `/incidents/${encodeURIComponent(alert.alert_id)}`, 'data-severity': alert.severity},
      el('span', {class: 'tag', 'data-severity': alert.severity}, alert.severity ?? 'alert'),
      el('span', {class: 'what'}, alert.summary ?? alert.rule ?? alert.alert_id),
      el('span', {class: 'since'}, `since ${format.at(alert.starts_at)}, ${format.duration(Math.max(0, Math.floor((data.now - alert.starts_at) / MINUTE) * MINUTE))}`),
      labels.length === 0 ? null : el('span', {class: 'chips'}, ...labels.map(([name, value]) => chip(format.words(name), format.scopeName(String(value))))));
  });
  const hidden = data.firing - alerts.length;
  replace($('alerts'),
    ...(items.length === 0 ? [el('p', {class: 'quiet'}, 'No alert is firing.')] : items),
    hidden > 0 ? el('p', {class: 'quiet'}, `and ${hidden} more`) : null);
}

const KINDS = {
  provider: 'providers', model: 'models', tenant: 'tenants', tenant_model: 'pairs of tenant and model', service: 'services', credential: 'API keys',
};

/** Calls that tables and charts cannot tell apart. Totals have them, so it is no alarm. */
function showOthers(others) {
  const box = $('others');
  box.hidden = others.length === 0;
  if (others.length === 0) {
    return;
  }
  const parts = others.flatMap((other, index) => [
    index === 0 ? '' : index === others.length - 1 ? ' and ' : ', ',
    `${format.percent(other.share)} ${index === 0 ? 'of the calls are ' : ''}of ${KINDS[other.scope_kind]} (`, el('code', {}, other.setting), ')']);
  replace(box, el('b', {}, 'Counted together'), el('span', {}, ...parts,
    ' beyond the number that are counted singly. They are shown as “all others”; totals are complete. To tell more of them apart, raise the setting and restart streams.'));
}

function tile(name, value, note, tone) {
  return el('div', {class: 'tile', 'data-tone': tone ?? null, 'data-tile': name.toLowerCase().replaceAll(' ', '-')},
    el('dt', {}, name), el('dd', {class: 'value'}, value), el('dd', {class: 'note'}, note));
}

function showTiles(data) {
  const t = data.totals;
  const known = t.input_tokens !== undefined || t.output_tokens !== undefined;
  const priced = t.attempts - t.unpriced_attempts;
  replace($('tiles'),
    tile('Calls', format.count(t.calls), `${format.count(t.attempts)} attempts`),
    tile('Error rate', format.percent(t.error_rate), `${format.count(t.error_attempts)} failed attempts`,
      t.error_rate >= 0.1 ? 'bad' : t.error_rate >= 0.02 ? 'warn' : null),
    tile('Latency p95', format.duration(t.latency_ms?.p95), `p50 ${format.duration(t.latency_ms?.p50)}, p99 ${format.duration(t.latency_ms?.p99)}`),
    tile('Tokens', known ? format.count((t.input_tokens ?? 0) + (t.output_tokens ?? 0)) : format.UNKNOWN,
      known ? `${format.count(t.input_tokens)} in, ${format.count(t.output_tokens)} out, coverage ${format.percent(t.token_coverage)}` : 'no attempt tells its usage'),
    tile('Cost', format.money(t.cost_usd),
      t.unpriced_attempts === 0 ? 'all attempts priced' : priced === 0 ? 'unpriced' : `${format.count(t.unpriced_attempts)} attempts unpriced`),
    tile('Retries', format.percent(t.retry?.ratio),
      t.retries === 0 ? 'of attempts' : `${format.percent(t.retry?.goodput)} of them worked`),
    tile('Firing alerts', format.count(data.firing), data.firing === 0 ? 'all quiet' : 'listed above', data.firing > 0 ? 'bad' : null));
}

const values = (data, pick) => data.buckets.map((bucket) => (bucket.attempts === undefined ? null : pick(bucket) ?? null));

function showCharts(data) {
  const range = data.to - data.from;
  const labels = data.buckets.map((bucket) => format.tick(bucket.start, range));
  const titles = data.buckets.map((bucket) =>
    `${format.dateAndTime(bucket.start)} to ${(data.bucket_ms < DAY ? format.at : format.dateAndTime)(bucket.start + data.bucket_ms)}${bucket.partial ? ', not over yet' : ''}`);
  const partial = data.buckets.map((bucket) => bucket.partial === true);
  const t = data.totals;
  const every = `per ${data.bucket_ms === MINUTE ? 'minute' : format.duration(data.bucket_ms)}`;
  const rows = (cells) => () => data.buckets
    .map((bucket, index) => [titles[index], bucket])
    .filter(([, bucket]) => bucket.attempts !== undefined)
    .map(([title, bucket]) => [title, ...cells(bucket)])
    .reverse();

  const types = Object.keys(t.errors);
  const failures = types.reduce((sum, type) => sum + t.errors[type], 0);
  const worst = types.toSorted((a, b) => t.errors[b] - t.errors[a])[0];
  draw('errors', () => overTime({
    labels, titles, format: format.count, rate: format.percent,
    datasets: [
      line('error rate', values(data, (bucket) => bucket.error_rate), 'text', partial, {yAxisID: 'rate', order: 0, borderWidth: 1.5}),
      ...types.map((type) => bars(format.words(type), values(data, (bucket) => bucket.errors[type] ?? 0), `error-${type}`, {order: 1})),
    ],
  }), failures === 0
    ? 'Errors by type over time: none.'
    : `Errors by type over time: ${failures} in all, most of them ${format.words(worst)} (${t.errors[worst]}). Error rate ${format.percent(t.error_rate)}.`);
  $('errors-note').textContent = failures === 0 ? 'none' : `${every}; error rate on the right`;
  tabulate('errors-data', ['Time', 'Attempts', 'Error rate', ...types.map(format.words)],
    rows((bucket) => [format.exact(bucket.attempts), format.percent(bucket.error_rate), ...types.map((type) => format.exact(bucket.errors[type] ?? 0))]));

  draw('calls', () => overTime({
    labels, titles, format: format.count, legend: false,
    datasets: [bars('calls', values(data, (bucket) => bucket.calls), 'series-1', {
      hideZero: false,
      backgroundColor: partial.map((open) => themed(open ? 'series-soft' : 'series-1')),
    })],
  }), `Calls over time: ${t.calls} in all.`);
  $('calls-note').textContent = every;
  tabulate('calls-data', ['Time', 'Calls', 'Attempts'], rows((bucket) => [format.exact(bucket.calls), format.exact(bucket.attempts)]));

  draw('latency', () => overTime({
    labels, titles, format: format.duration,
    datasets: [['p50', 'series-1'], ['p95', 'series-2'], ['p99', 'series-3']].map(([name, color]) =>
      line(name, values(data, (bucket) => bucket.latency_ms?.[name]), color, partial)),
  }), `Latency over time: p50 ${format.duration(t.latency_ms?.p50)}, p95 ${format.duration(t.latency_ms?.p95)}, p99 ${format.duration(t.latency_ms?.p99)} in all.`);
  tabulate('latency-data', ['Time', 'p50', 'p95', 'p99', 'Longest'],
    rows((bucket) => ['p50', 'p95', 'p99', 'max'].map((name) => format.duration(bucket.latency_ms?.[name]))));

  draw('tokens', () => overTime({
    labels, titles, format: format.count, rate: format.money,
    datasets: [
      line('cost', values(data, (bucket) => bucket.cost_usd), 'series-2', partial, {yAxisID: 'rate', order: 0}),
      bars('input', values(data, (bucket) => bucket.input_tokens), 'series-1', {order: 1}),
      bars('output', values(data, (bucket) => bucket.output_tokens), 'series-3', {order: 1}),
    ],
  }), `Tokens over time: ${format.count(t.input_tokens)} in and ${format.count(t.output_tokens)} out in all, cost ${format.money(t.cost_usd)}.`);
  $('tokens-note').textContent = t.cost_usd === undefined ? `${every}; unpriced` : `${every}; cost on the right`;
  tabulate('tokens-data', ['Time', 'Input', 'Output', 'Told by', 'Cost', 'Unpriced'],
    rows((bucket) => [format.exact(bucket.input_tokens), format.exact(bucket.output_tokens), format.percent(bucket.token_coverage), format.money(bucket.cost_usd), format.exact(bucket.unpriced_attempts)]));

  draw('retries', () => overTime({
    labels, titles, format: format.count, rate: format.percent,
    datasets: [
      line('share of attempts', values(data, (bucket) => bucket.retry?.ratio), 'series-2', partial, {yAxisID: 'rate', order: 0}),
      bars('retries', values(data, (bucket) => bucket.retries), 'series-1', {order: 1}),
    ],
  }), `Retries over time: ${t.retries} in all, ${format.percent(t.retry?.ratio)} of attempts.`);
  $('retries-note').textContent = `${every}; share on the right`;
  replace($('retries-facts'), ...retryFacts(t.retry));
  tabulate('retries-data', ['Time', 'Retries', 'Share', 'Worked', 'Attempts a call', 'Early', 'Synchrony'],
    rows((bucket) => [format.exact(bucket.retries), format.percent(bucket.retry?.ratio), format.percent(bucket.retry?.goodput), format.factor(bucket.retry?.amplification), format.percent(bucket.retry?.early_share), format.factor(bucket.retry?.synchrony)]));

  rankings('models', data.models, (entry) => modelName(entry, data.models), 'model');
  rankings('tenants', data.tenants, (entry) => format.scopeName(entry.tenant), 'tenant');
}

/** With the provider where several have a model of this name. */
const modelName = (entry, all) => (all.filter((other) => other.model === entry.model).length > 1
  ? `${format.scopeName(entry.model)} ${entry.provider ?? ''}` : format.scopeName(entry.model));

function rankings(id, entries, nameOf, noun) {
  const top = entries.slice(0, 10);
  draw(id, () => ranking({
    labels: top.map(nameOf),
    format: format.percent,
    details: (index) => `${format.percent(top[index].error_rate)}, ${format.exact(top[index].error_attempts)} of ${format.exact(top[index].attempts)}`,
    datasets: [{label: 'error rate', data: top.map((entry) => entry.error_rate), backgroundColor: themed('error-server_error'), borderRadius: 2, barPercentage: 0.7, maxBarThickness: 16}],
  }), `Error rate by ${noun}: ${top.map((entry) => `${nameOf(entry)} ${format.percent(entry.error_rate)}`).join(', ') || 'none known'}.`);
}

function showTables(data, params) {
  const name = (text) => [format.scopeName(text)];
  showRows('models-table', 'model', data.models, params, (entry) =>
    [format.scopeName(entry.model), entry.provider === undefined ? null : el('small', {}, ` ${entry.provider}`)]);
  showRows('tenants-table', 'tenant', data.tenants, params, (entry) => name(entry.tenant));
  showRows('providers-table', 'provider', data.providers, params, (entry) => name(entry.provider));
  const note = (entries) => (entries.length < 20 ? '' : 'the 20 busiest');
  $('models-note').textContent = note(data.models);
  $('tenants-note').textContent = data.tenants.length === 0 ? 'no call names its tenant' : note(data.tenants);
}

// Controls

function showControls() {
  for (const button of document.querySelectorAll('[data-range]')) {
    button.setAttribute('aria-pressed', String(button.dataset.range === view.range));
  }
  const open = view.range === 'custom';
  $('custom').hidden = !open;
  document.querySelector('[data-range="custom"]').setAttribute('aria-expanded', String(open));
  if (open && view.from !== null) {
    $('from').value = localTime(view.from);
    $('to').value = localTime(view.to);
  }
}

function localTime(ms) {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

$('ranges').addEventListener('click', (event) => {
  const range = event.target.dataset.range;
  if (range === undefined) {
    return;
  }
  if (range === 'custom' && view.range !== 'custom') {
    view.to = Math.ceil(Date.now() / MINUTE) * MINUTE;
    view.from = view.to - RANGES[view.range] * MINUTE;
  }
  view.range = range;
  changed();
});

$('custom').addEventListener('submit', (event) => {
  event.preventDefault();
  const [from, to] = [new Date($('from').value).getTime(), new Date($('to').value).getTime()];
  $('to').setCustomValidity(from < to ? '' : 'Must be after the start');
  if (!$('custom').reportValidity()) {
    return;
  }
  Object.assign(view, {from, to});
  changed();
});
$('to').addEventListener('input', () => $('to').setCustomValidity(''));

$('environment').addEventListener('change', (event) => {
  view.environment = event.target.value;
  changed();
});

function changed() {
  writeUrl();
  showControls();
  refresh();
}

document.addEventListener('visibilitychange', refresh);
addEventListener('online', refresh);

$('zone').textContent = `Times in ${format.zone}`;
$('loading').textContent = `Loading ${view.range === 'custom' ? '' : `the last ${NAMES[view.range]} `}…`;
showControls();
refresh();
