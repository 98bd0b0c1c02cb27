// SPDX-License-Identifier: Apache-2.0
// Numbers and times as people read them. What is unknown is a dash, never a zero.

export const UNKNOWN = '–';

const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);

const plain = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const compact = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});
const time = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit'});
const day = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short'});
const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit',
});
const full = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function count(value) {
  if (!known(value)) {
    return UNKNOWN;
  }
  return Math.abs(value) < 10_000 ? plain.format(value) : compact.format(value);
}

export function exact(value) {
  return known(value) ? plain.format(value) : UNKNOWN;
}

export function percent(share) {
  if (!known(share)) {
    return UNKNOWN;
  }
  const value = share * 100;
  if (value !== 0 && value < 0.1) {
    return '< 0.1 %';
  }
  return `${value >= 9.95 || value === 0 ? value.toFixed(0) : value.toFixed(1)} %`;
}

export function duration(ms) {
  if (!known(ms)) {
    return UNKNOWN;
  }
  if (ms < 10) {
    return `${Number(ms.toPrecision(2))} ms`;
  }
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 60_000) {
    return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  }
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) {
    const seconds = Math.floor((ms % 60_000) / 1000);
    return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  }
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function money(usd) {
  if (!known(usd)) {
    return UNKNOWN;
  }
  if (usd === 0) {
    return '$0';
  }
  if (usd < 0.01) {
    return `$${Number(usd.toPrecision(2))}`;
  }
  return usd < 10_000 ? `$${usd.toFixed(2)}` : `$${compact.format(usd)}`;
}

export function at(ms) {
  return known(ms) ? time.format(ms) : UNKNOWN;
}

export function dateAndTime(ms) {
  return known(ms) ? dayAndTime.format(ms) : UNKNOWN;
}

export function moment(ms) {
  return known(ms) ? full.format(ms) : UNKNOWN;
}

/** A name of a bucket on an axis. */
export function tick(ms, rangeMs) {
  const hours = rangeMs / 3_600_000;
  return (hours > 8 * 24 ? day : hours > 26 ? dayAndTime : time).format(ms);
}

export function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** The name of a scope; those beyond the cap of their kind are counted under one name. */
export function scopeName(name) {
  return name === '__other__' ? 'all others' : name;
}

/** A factor, such as attempts a call. */
export function factor(value) {
  return known(value) ? (value < 10 ? value.toFixed(2) : plain.format(value)) : UNKNOWN;
}

/** snake_case as words. */
export function words(name) {
  return name.replaceAll('_', ' ');
}

/** The same without a fraction of zeros, for axes. */
export function brief(show) {
  return (value) => show(value).replace(/\.0+(?=\D|$)/, '');
}
