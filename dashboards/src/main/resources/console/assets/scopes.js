// SPDX-License-Identifier: Apache-2.0
// The tables of models, tenants and providers. Each row opens to who fails in it, with samples.

import {$, el, load, replace} from './dom.js';
import * as format from './format.js';

const DIMENSIONS = {model: ['provider', 'model'], tenant: ['tenant'], provider: ['provider']};
const COLUMNS = 8;

/** The open rows by key, with what the server last said: totals, or why there are none. */
const open = new Map();

/** Questions so far: of two answers about a row the one asked for later is shown. */
let questions = 0;

/** What each table was last drawn from, by its element's id. */
const drawn = new Map();

/**
 * Draws a table of scopes.
 *
 * @param id of the element that holds it
 * @param kind of scope
 * @param entries the scopes
 * @param params range and environment, as the server was asked for them
 * @param nameOf the children of a row's name
 */
export function showRows(id, kind, entries, params, nameOf) {
  drawn.set(id, {kind, entries, params, nameOf});
  redraw(id);
  for (const entry of entries) {
    const key = keyOf(kind, entry);
    if (open.has(key)) {
      ask(id, key, entry);
    }
  }
}

const keyOf = (kind, entry) => JSON.stringify([kind, ...DIMENSIONS[kind].map((name) => entry[name] ?? null)]);

function redraw(id) {
  const selection = getSelection();
  if (!selection.isCollapsed && $(id).contains(selection.anchorNode)) {
    // Somebody is about to copy from it.
    return;
  }
  const {kind, entries, nameOf} = drawn.get(id);
  const focused = document.activeElement?.dataset.row;
  const full = Math.max(0.1, ...entries.map((entry) => entry.error_rate ?? 0));
  const head = (name, wide) => el('th', {scope: 'col', class: wide ? 'wide' : null}, name);
  const heading = kind.replace(/^./, (first) => first.toUpperCase());
  replace($(id), el('table', {},
    el('thead', {}, el('tr', {}, head(heading), head('Calls'), head('Error rate'), head('Most errors', true), head('p95'), head('Retries', true), head('Tokens in / out', true), head('Cost'))),
    el('tbody', {}, ...entries.flatMap((entry, index) => row(`${id}-${index}`, kind, entry, full, nameOf)))));
  if (focused !== undefined && document.activeElement?.dataset.row !== focused) {
    $(id).querySelector(`[data-row="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
  }
}

function row(id, kind, entry, full, nameOf) {
  const key = keyOf(kind, entry);
  const isOpen = open.has(key);
  const cells = el('tr', {class: isOpen ? 'open' : null},
    el('th', {scope: 'row'}, el('button', {type: 'button', class: 'toggle', 'data-row': key, 'aria-expanded': String(isOpen), 'aria-controls': id}, ...nameOf(entry))),
    el('td', {}, format.count(entry.calls)),
    rateCell(entry, full),
    topErrorCell(entry),
    el('td', {}, format.duration(entry.latency_ms?.p95)),
    el('td', {class: 'wide'}, format.count(entry.retries)),
    el('td', {class: 'wide'}, `${format.count(entry.input_tokens)} / ${format.count(entry.output_tokens)}`),
    el('td', {title: entry.unpriced_attempts > 0 ? `${entry.unpriced_attempts} attempts unpriced` : null},
      entry.cost_usd === undefined ? 'unpriced' : format.money(entry.cost_usd)));
  return isOpen ? [cells, el('tr', {class: 'inside', id}, el('td', {colspan: COLUMNS}, ...inside(kind, open.get(key))))] : [cells];
}

function rateCell(entry, full) {
  const fill = el('i');
  fill.style.setProperty('--share', `${(entry.error_rate ?? 0) / full * 100}%`);
  return el('td', {class: 'rate'}, el('span', {class: 'bar'}, fill, format.percent(entry.error_rate)));
}

function topErrorCell(entry) {
  const [worst] = Object.entries(entry.errors).sort(([, a], [, b]) => b - a);
  if (worst === undefined) {
    return el('td', {class: 'wide'}, format.UNKNOWN);
  }
  const swatch = el('i', {class: 'swatch'});
  swatch.style.setProperty('--swatch', `var(--error-${worst[0]})`);
  return el('td', {class: 'wide', title: Object.entries(entry.errors).map(([type, number]) => `${format.words(type)} ${number}`).join(', ')},
    el('span', {class: 'top-error'}, swatch, `${format.words(worst[0])} ${format.count(worst[1])}`));
}

async function ask(id, key, entry) {
  const {kind, params} = drawn.get(id);
  const question = ++questions;
  const query = new URLSearchParams(params);
  query.set('scope', kind);
  for (const name of DIMENSIONS[kind]) {
    if (entry[name] !== undefined) {
      query.set(name, entry[name]);
    }
  }
  let answer;
  try {
    answer = {question, totals: (await load(`/api/scope?${query}`)).totals};
  } catch (error) {
    answer = {question, problem: error.message};
  }
  if (open.has(key) && (open.get(key).question ?? 0) < question) {
    open.set(key, answer);
    redraw(id);
  }
}

function inside(kind, {totals, problem}) {
  if (totals === undefined) {
    return [el('p', {class: 'muted'}, problem ?? 'Loading …')];
  }
  const top = totals.top ?? {};
  const names = {tenants: 'Failing tenants', instances: 'Failing instances', credentials: 'Failing API keys'};
  const lists = Object.entries(names)
    .filter(([field]) => field !== `${kind}s` && top[field] !== undefined)
    .map(([field, title]) => el('section', {}, el('h3', {}, title), contributors(top[field], totals.error_attempts)));
  return [
    el('div', {class: 'contributors'},
      ...lists,
      top.request_ids === undefined ? null : el('section', {}, el('h3', {}, 'Request ids, a sample'),
        el('ul', {class: 'samples'}, ...top.request_ids.map((requestId) => el('li', {}, el('code', {}, requestId)))))),
    totals.error_attempts === 0 ? el('p', {class: 'muted'}, 'No attempt failed.')
      : lists.length === 0 && top.request_ids === undefined ? el('p', {class: 'muted'}, 'No failed attempt names its tenant, instance, API key or request id.') : null,
    el('dl', {class: 'inline'}, ...retryFacts(totals.retry), ...limitFacts(totals)),
  ];
}

function contributors(entries, failures) {
  return el('ol', {}, ...entries.slice(0, 5).map(({name, errors}) => {
    const fill = el('i');
    fill.style.setProperty('--share', `${errors / failures * 100}%`);
    return el('li', {}, el('span', {class: 'name'}, format.scopeName(name)), el('span', {class: 'bar'}, fill, format.count(errors)));
  }));
}

const fact = (name, value, title) => el('div', {title}, el('dt', {}, name), el('dd', {}, value));

/** How retries went: attempts a call, started before the provider's wait was over, and in step. */
export function retryFacts(retry) {
  const facts = [];
  if (retry?.amplification !== undefined) {
    facts.push(fact('attempts a call', format.factor(retry.amplification), 'How many attempts a call takes: what retries multiply the load by.'));
  }
  if (retry?.early_share !== undefined) {
    facts.push(fact('early', format.percent(retry.early_share), 'Retries that started before the time was over that the provider had asked to wait (Retry-After).'));
  }
  if (retry?.synchrony !== undefined) {
    facts.push(fact('synchrony', `${format.factor(retry.synchrony)}${retry.synchrony >= 10 ? ', in step' : ''}`, 'Variance by mean of the retries started per 250 ms: about 1 when clients retry independently, 10 and more when they return in step.'));
  }
  return facts;
}

function limitFacts(totals) {
  const facts = [];
  const left = (name, value) => value !== undefined && facts.push(fact(name, format.percent(value), 'The smallest part of the provider’s limit that was left.'));
  left('requests left, least', totals.ratelimit?.requests_headroom);
  left('tokens left, least', totals.ratelimit?.tokens_headroom);
  if (totals.context_use !== undefined) {
    facts.push(fact('context window used, p95', format.percent(totals.context_use.p95), 'Input tokens as a part of the model’s context window.'));
  }
  return facts;
}

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button.toggle');
  if (!button) {
    return;
  }
  const id = button.closest('.ranks').id;
  const key = button.dataset.row;
  if (open.delete(key)) {
    redraw(id);
    return;
  }
  open.set(key, {});
  redraw(id);
  const {kind, entries} = drawn.get(id);
  ask(id, key, entries.find((entry) => keyOf(kind, entry) === key));
});
