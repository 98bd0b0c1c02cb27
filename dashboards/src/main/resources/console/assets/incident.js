// SPDX-License-Identifier: Apache-2.0
// The page of one alert episode: what Slack and PagerDuty link to.

import {bars, draw, line, overTime, tabulate, themed} from './charts.js';
import {$, chip, el, link, load, replace, ServerError} from './dom.js';
import * as format from './format.js';

const MINUTE = 60_000;

/** Seconds in which an alert that is not stored yet is asked for. */
const PATIENCE = 30;

const id = location.pathname.split('/').filter(Boolean).at(-1);
let timer;
let tries = 0;

async function refresh() {
  clearTimeout(timer);
  if (document.hidden) {
    return;
  }
  let next = 3000;
  try {
    const [alert, timeline] = await Promise.all([load(`/api/alerts/${id}`), load(`/api/alerts/${id}/timeline`)]);
    $('banner').hidden = true;
    showAbsence(null);
    show(alert, timeline);
    next = alert.status === 'resolved' ? 60_000 : 5000;
  } catch (error) {
    if (error.status === 404 && $('incident').hidden) {
      next = awaitAlert();
    } else {
      showFailure(error);
    }
  }
  $('loading').hidden = true;
  timer = setTimeout(refresh, next);
}

/** What is linked to in a message can be opened before it is stored. */
function awaitAlert() {
  $('banner').hidden = true;
  tries++;
  const waits = tries <= PATIENCE;
  showAbsence(waits ? 'waiting' : 'missing');
  live(waits ? 'loading' : 'past', waits ? 'Waiting' : 'Not found');
  return waits ? 1000 : 15_000;
}

function showAbsence(kind) {
  for (const section of ['waiting', 'missing']) {
    $(section).hidden = section !== kind;
  }
}

function showFailure(error) {
  if (!(error instanceof ServerError)) {
    console.error(error);
  }
  showAbsence(null);
  $('banner').hidden = false;
  $('banner').dataset.kind = 'broken';
  replace($('banner'), el('b', {}, 'No current numbers'), el('span', {}, `${error.message.replace(/[^.?!]$/, '$&.')} Trying again every few seconds.`));
  live('broken', 'Not connected');
}

function live(state, text) {
  $('live').dataset.state = state;
  if ($('live').textContent !== text) {
    $('live').textContent = text;
  }
}

function show(alert, timeline) {
  const firing = alert.status !== 'resolved';
  live(firing ? 'live' : 'past', firing ? 'Live' : 'Over');
  document.title = `${firing ? 'Firing' : 'Resolved'}: ${alert.summary ?? alert.rule ?? id}`;
  const page = $('incident');
  page.hidden = false;
  $('details').hidden = false;
  page.dataset.severity = alert.severity ?? '';
  page.dataset.status = alert.status ?? '';
  replace($('status'),
    el('span', {class: 'tag', 'data-status': alert.status}, alert.status ?? 'unknown'),
    el('span', {class: 'tag', 'data-severity': alert.severity}, alert.severity ?? 'no severity'));
  $('summary').textContent = alert.summary ?? alert.rule ?? id;
  replace($('labels'), ...Object.entries(alert.labels ?? {}).map(([name, value]) => chip(format.words(name), format.scopeName(String(value)))));
  const end = alert.ends_at ?? timeline.now;
  const fact = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));
  replace($('facts'),
    fact('Started', format.moment(alert.starts_at)),
    fact('Fired', format.moment(alert.fired_at)),
    fact(firing ? 'Lasts' : 'Ended', firing ? format.duration(minutes(end - alert.starts_at)) : `${format.moment(alert.ends_at)}, after ${format.duration(minutes(end - alert.starts_at))}`),
    fact('Rule', alert.rule ?? format.UNKNOWN),
    fact('Pattern', format.words(alert.pattern ?? format.UNKNOWN)),
    fact('Id', el('code', {}, alert.alert_id)));
  const overview = overviewLink(alert, end);
  $('overview-link').href = overview;
  replace($('links'),
    alert.runbook_url ? link(alert.runbook_url, 'Open the runbook', {class: 'button primary'}) : null,
    el('a', {class: 'button', href: overview}, 'All calls of this time'));
  showTimeline(alert, timeline);
  showEvidence(alert.evidence ?? {});
  showNotifications(alert.notifications ?? []);
}

const minutes = (ms) => (ms < MINUTE ? ms : Math.floor(ms / MINUTE) * MINUTE);

function overviewLink(alert, end) {
  const params = new URLSearchParams();
  if (alert.status === 'resolved') {
    params.set('from', alert.starts_at - 30 * MINUTE);
    params.set('to', end + 10 * MINUTE);
  }
  if (alert.labels?.environment) {
    params.set('environment', alert.labels.environment);
  }
  const query = params.toString();
  return query === '' ? '/' : `/?${query}`;
}

function showTimeline(alert, data) {
  const labels = data.buckets.map((bucket) => format.tick(bucket.start, data.to - data.from));
  const titles = data.buckets.map((bucket) => `${format.dateAndTime(bucket.start)}${bucket.partial ? ', not over yet' : ''}`);
  const partial = data.buckets.map((bucket) => bucket.partial === true);
  const values = (pick) => data.buckets.map((bucket) => (bucket.attempts === undefined ? null : pick(bucket) ?? null));
  const types = Object.keys(data.totals.errors);
  const indexOf = (ms) => data.buckets.findLastIndex((bucket) => bucket.start <= ms);
  draw('timeline', () => overTime({
    labels, titles, format: format.count, rate: format.percent,
    plugins: [EPISODE],
    pluginOptions: {episode: {first: indexOf(alert.starts_at), last: alert.ends_at ? indexOf(alert.ends_at) : null}},
    datasets: [
      line('error rate', values((bucket) => bucket.error_rate), 'text', partial, {yAxisID: 'rate', order: 0, borderWidth: 1.5}),
      ...types.map((type) => bars(format.words(type), values((bucket) => bucket.errors[type] ?? 0), `error-${type}`, {order: 1})),
      bars('without error', values((bucket) => bucket.attempts - types.reduce((sum, type) => sum + (bucket.errors[type] ?? 0), 0)), 'series-soft', {order: 1}),
    ],
  }), `Errors of the alert's scope: ${format.percent(data.totals.error_rate)} of ${data.totals.attempts} attempts failed between ${format.dateAndTime(data.from)} and ${format.dateAndTime(data.to)}.`);
  const scope = data.scope_kind === 'all' ? 'all calls' : `the calls of this ${format.words(data.scope_kind).replace(' ', ' and ')}`;
  $('timeline-note').textContent = `${scope}; the episode is shaded`;
  tabulate('timeline-data', ['Time', 'Attempts', 'Failed', 'Error rate', 'p95', ...types.map(format.words)], () => data.buckets
    .map((bucket, index) => [titles[index], bucket])
    .filter(([, bucket]) => bucket.attempts !== undefined)
    .map(([title, bucket]) => [title, format.exact(bucket.attempts), format.exact(bucket.error_attempts), format.percent(bucket.error_rate), format.duration(bucket.latency_ms?.p95), ...types.map((type) => format.exact(bucket.errors[type] ?? 0))])
    .reverse());
}

/** Shades the time of the episode behind the bars. */
const EPISODE = {
  id: 'episode',
  beforeDatasetsDraw(chart, args, {first, last}) {
    const {ctx, chartArea, scales} = chart;
    if (first === undefined || first < 0) {
      return;
    }
    const half = scales.x.width / chart.data.labels.length / 2;
    const left = Math.max(chartArea.left, scales.x.getPixelForValue(first) - half);
    const right = last === null ? chartArea.right : Math.min(chartArea.right, scales.x.getPixelForValue(last) + half);
    ctx.save();
    ctx.fillStyle = themed('bad-soft');
    ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
    ctx.strokeStyle = themed('bad');
    ctx.setLineDash([4, 3]);
    ctx.beginPath();
    ctx.moveTo(left, chartArea.top);
    ctx.lineTo(left, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  },
};

function showEvidence(evidence) {
  const entries = Object.entries(evidence);
  replace($('evidence'), ...(entries.length === 0
    ? [el('dd', {}, 'The alert gives none.')]
    : entries.flatMap(([name, value]) => [el('dt', {}, format.words(name.replace(/_(ms|usd)$/, ''))), el('dd', {}, ...evidenceValue(name, value))])));
}

function evidenceValue(name, value) {
  if (value === null) {
    return [format.UNKNOWN];
  }
  if (Array.isArray(value)) {
    return [el('span', {class: 'chips'}, ...value.map((item) =>
      el('span', {class: 'chip'}, typeof item === 'object' ? JSON.stringify(item) : String(item))))];
  }
  if (typeof value === 'object') {
    return [el('span', {class: 'counts'}, ...Object.entries(value)
      .sort(([, a], [, b]) => (typeof a === 'number' && typeof b === 'number' ? b - a : 0))
      .map(([key, item]) => {
        const swatch = name === 'errors' ? el('i', {class: 'swatch'}) : null;
        swatch?.style.setProperty('--swatch', `var(--error-${CSS.escape(key)})`);
        return el('span', {class: 'top-error'}, swatch, `${format.words(key)} `, el('b', {}, scalar(key, item)));
      }))];
  }
  return [scalar(name, value)];
}

function scalar(name, value) {
  if (typeof value !== 'number') {
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  if ((name.endsWith('_at') || name === 'window_start') && value > 1e11) {
    return format.moment(value);
  }
  if (name.endsWith('_ms')) {
    return format.duration(value);
  }
  if (/(ratio|share|rate)$/.test(name) && value <= 1) {
    return format.percent(value);
  }
  if (name.endsWith('_usd')) {
    return format.money(value);
  }
  return Number.isInteger(value) ? format.exact(value) : String(Number(value.toPrecision(4)));
}

function showNotifications(notifications) {
  const result = (status) => (/sent|ok|delivered|success/.test(status ?? '') ? 'good' : /fail|permanent|error|dead/.test(status ?? '') ? 'bad' : 'open');
  replace($('notifications'), ...(notifications.length === 0
    ? [el('li', {}, el('div', {}, 'None yet.'))]
    : [...notifications].sort((a, b) => (a.at ?? 0) - (b.at ?? 0)).map((item) => el('li', {'data-result': result(item.status)},
      el('div', {},
        el('div', {}, el('b', {}, item.receiver ?? 'receiver'), ` ${format.words(item.action ?? '')}: ${format.words(item.status ?? 'unknown')}`),
        el('p', {}, [format.moment(item.at), item.attempts > 1 ? `${item.attempts} attempts` : null, item.why].filter(Boolean).join(', ')))))));
}

document.addEventListener('visibilitychange', refresh);
$('zone').textContent = `Times in ${format.zone}`;
refresh();
