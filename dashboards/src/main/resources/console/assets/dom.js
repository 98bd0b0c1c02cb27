// SPDX-License-Identifier: Apache-2.0
// Elements are built from text nodes alone: names of tenants and models come from outside.

export const $ = (id) => document.getElementById(id);

/** An element; strings among the children become text. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replaces the children only when they differ, so that focus and selection survive a refresh. */
export function replace(parent, ...children) {
  const next = el(parent.localName, {}, ...children);
  if (next.innerHTML !== parent.innerHTML) {
    parent.replaceChildren(...next.childNodes);
  }
}

export function chip(name, value) {
  return el('span', {class: 'chip'}, el('i', {}, name), ' ', value);
}

/** A link only if it leads to a web page; anything else is shown as text. */
export function link(url, text, attributes = {}) {
  let parsed = null;
  try {
    parsed = new URL(url, location.href);
  } catch {
    // Shown as it is.
  }
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    return el('span', {}, String(url));
  }
  return el('a', {...attributes, href: parsed.href, rel: 'noopener noreferrer'}, text);
}

/** What the server said; status is that of the answer, 0 without one. */
export class ServerError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

/** JSON of the console; the message of a ServerError is the server's reason. */
export async function load(path) {
  let response;
  try {
    response = await fetch(path, {cache: 'no-store', signal: AbortSignal.timeout(60_000)});
  } catch {
    throw new ServerError('the console does not answer; is Petrel running?');
  }
  let body;
  try {
    body = await response.json();
  } catch {
    throw new ServerError(`the console answered ${response.status} without JSON`, response.status);
  }
  if (!response.ok) {
    throw new ServerError(body.error ?? `the console answered ${response.status}`, response.status);
  }
  return body;
}
