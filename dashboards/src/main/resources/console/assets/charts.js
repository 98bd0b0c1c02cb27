// SPDX-License-Identifier: Apache-2.0
// Chart.js with the console's looks. Charts keep their data when the theme changes.

import {$, el, replace} from './dom.js';
import {brief, UNKNOWN} from './format.js';

const {Chart} = globalThis;

const cssColors = () => {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
};

let color = cssColors();

/** A colour of the theme in force. */
export const themed = (name) => color(name);

const drawn = new Map();

function applyDefaults() {
  color = cssColors();
  Chart.defaults.font.family = color('sans');
  Chart.defaults.font.size = 11.5;
  Chart.defaults.color = color('muted');
  Chart.defaults.borderColor = color('line-soft');
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.responsive = true;
}

document.addEventListener('petrel-theme', () => {
  applyDefaults();
  for (const entry of drawn.values()) {
    entry.chart.destroy();
    entry.chart = new Chart(entry.canvas, entry.build());
  }
});

applyDefaults();

/**
 * Draws or redraws a chart.
 *
 * @param id of the canvas
 * @param build makes Chart.js's configuration; called again when the theme changes
 * @param summary what the chart says, for those who cannot see it
 */
export function draw(id, build, summary) {
  const canvas = $(id);
  canvas.setAttribute('aria-label', summary);
  const entry = drawn.get(id);
  if (entry === undefined) {
    drawn.set(id, {canvas, build, chart: new Chart(canvas, build())});
    return;
  }
  entry.build = build;
  const config = build();
  if (config.data.datasets.length !== entry.chart.data.datasets.length) {
    // Datasets that were switched off in the legend stay so by name.
    const off = new Set(entry.chart.data.datasets
      .filter((_, index) => !entry.chart.isDatasetVisible(index)).map((set) => set.label));
    entry.chart.data = config.data;
    config.data.datasets.forEach((set, index) => entry.chart.setDatasetVisibility(index, !off.has(set.label)));
  } else {
    entry.chart.data.labels = config.data.labels;
    config.data.datasets.forEach((set, index) => Object.assign(entry.chart.data.datasets[index], set));
  }
  entry.chart.options = config.options;
  entry.chart.update('none');
}

/** Fills the table that stands for a chart; only when it is open, as it can be long. */
export function tabulate(id, head, rows) {
  const details = $(id);
  const fill = () => {
    if (details.open) {
      replace(
        details.querySelector('.scroll'),
        el('table', {},
          el('thead', {}, el('tr', {}, ...head.map((name) => el('th', {scope: 'col'}, name)))),
          el('tbody', {}, ...rows().map(([first, ...rest]) =>
            el('tr', {}, el('th', {scope: 'row'}, first), ...rest.map((cell) => el('td', {}, cell)))))));
    }
  };
  details.ontoggle = fill;
  fill();
}

/** A bar chart or line chart over time. */
export function overTime({labels, datasets, format, rate, legend = true, titles, plugins = [], pluginOptions = {}}) {
  const scales = {
    x: {
      stacked: datasets.some((set) => set.stack),
      grid: {display: false},
      border: {color: color('line')},
      ticks: {maxRotation: 0, autoSkip: true, autoSkipPadding: 22},
    },
    y: {
      stacked: datasets.some((set) => set.stack),
      beginAtZero: true,
      border: {display: false},
      ticks: {maxTicksLimit: 5, callback: brief(format), precision: 0},
    },
  };
  if (datasets.some((set) => set.yAxisID === 'rate')) {
    scales.rate = {
      position: 'right',
      beginAtZero: true,
      suggestedMax: 0.05,
      border: {display: false},
      grid: {drawOnChartArea: false},
      ticks: {maxTicksLimit: 5, callback: brief(rate)},
    };
  }
  return {
    type: datasets[0]?.type ?? 'bar',
    data: {labels, datasets},
    plugins,
    options: {
      interaction: {mode: 'index', intersect: false},
      layout: {padding: {top: 2}},
      scales,
      plugins: {
        ...pluginOptions,
        legend: {display: legend, align: 'start', labels: {boxWidth: 9, boxHeight: 9, padding: 10, usePointStyle: true, pointStyleWidth: 12}},
        tooltip: tooltip((item) => {
          const show = item.dataset.yAxisID === 'rate' ? rate : format;
          return item.raw === null || item.raw === undefined ? UNKNOWN : show(item.raw);
        }, titles),
      },
    },
  };
}

/** Horizontal bars. */
export function ranking({labels, datasets, format, details}) {
  return {
    type: 'bar',
    data: {labels, datasets},
    options: {
      indexAxis: 'y',
      interaction: {mode: 'index', axis: 'y', intersect: false},
      scales: {
        x: {beginAtZero: true, suggestedMax: 0.02, border: {display: false}, ticks: {maxTicksLimit: 5, callback: brief(format)}},
        y: {
          grid: {display: false},
          border: {color: color('line')},
          ticks: {
            autoSkip: false,
            callback(value) {
              const name = this.getLabelForValue(value);
              return name.length > 22 ? `${name.slice(0, 21)}…` : name;
            },
          },
        },
      },
      plugins: {legend: {display: false}, tooltip: tooltip((item) => details?.(item.dataIndex) ?? format(item.raw))},
    },
  };
}

function tooltip(show, titles) {
  return {
    backgroundColor: color('raised'),
    titleColor: color('text'),
    bodyColor: color('text'),
    borderColor: color('line'),
    borderWidth: 1,
    padding: 9,
    boxPadding: 4,
    boxWidth: 9,
    boxHeight: 9,
    usePointStyle: true,
    filter: (item) => item.raw !== null && item.raw !== undefined && (item.raw !== 0 || !item.dataset.hideZero),
    callbacks: {
      ...(titles ? {title: (items) => (items.length > 0 ? titles[items[0].dataIndex] : '')} : {}),
      label: (item) => ` ${item.dataset.label}  ${show(item)}`,
    },
  };
}

/** A dataset of stacked bars. */
export function bars(label, data, colorName, more = {}) {
  return {
    type: 'bar', label, data, backgroundColor: color(colorName), stack: 'all',
    categoryPercentage: 0.92, barPercentage: 0.92, borderRadius: 1, hideZero: true, pointStyle: 'rect', ...more,
  };
}

/** A dataset of a line; the part that is still being counted is dashed. */
export function line(label, data, colorName, partial, more = {}) {
  return {
    type: 'line', label, data, borderColor: color(colorName), backgroundColor: color(colorName),
    borderWidth: 1.8, pointRadius: lonely(data), pointBorderWidth: 2.5, pointHitRadius: 8, tension: 0.25, cubicInterpolationMode: 'monotone',
    pointStyle: 'line',
    segment: {borderDash: (context) => (partial?.[context.p1DataIndex] ? [3, 3] : undefined)},
    ...more,
  };
}

/** A value without neighbours would not show as a line. */
function lonely(data) {
  const gone = (value) => value === null || value === undefined;
  return data.map((value, index) => (!gone(value) && gone(data[index - 1]) && gone(data[index + 1]) ? 2.5 : 0));
}
