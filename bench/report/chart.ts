/** Bars with their spread, as an SVG that reads on light and dark alike. */
import type { Spread } from './statistics.ts';

export interface Bar {
  readonly label: string;
  readonly value: Spread;
  /** What is written at the bar's end. */
  readonly note: string;
}

const WIDTH = 860;
const LABEL_WIDTH = 290;
const NOTE_WIDTH = 170;
const ROW = 26;
const TOP = 44;

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** @param unitAt the value at which a line is drawn across, such as 1 for "as fast as the reference". */
export function barChart(title: string, bars: readonly Bar[], unitAt: number): string {
  const greatest = Math.max(unitAt, ...bars.map(({ value }) => value.max));
  const scale = (WIDTH - LABEL_WIDTH - NOTE_WIDTH) / greatest;
  const height = TOP + bars.length * ROW + 16;
  const x = (value: number): string => (LABEL_WIDTH + value * scale).toFixed(1);
  const rows = bars.map(({ label, value, note }, index) => {
    const y = TOP + index * ROW;
    return [
      `<text x="${LABEL_WIDTH - 10}" y="${y + 15}" text-anchor="end">${escape(label)}</text>`,
      `<rect x="${LABEL_WIDTH}" y="${y + 4}" width="${(value.median * scale).toFixed(1)}" height="14" rx="3" fill="#3b82f6"/>`,
      `<path d="M${x(value.min)} ${y + 11}H${x(value.max)}" stroke="#f59e0b" stroke-width="2"/>`,
      `<text x="${Number(x(Math.max(value.median, value.max))) + 8}" y="${y + 15}">${escape(note)}</text>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}">`,
    '<style>text{font:13px system-ui,sans-serif;fill:#64748b}.t{font-weight:600;font-size:15px}</style>',
    `<text class="t" x="12" y="24">${escape(title)}</text>`,
    ...rows,
    `<path d="M${x(unitAt)} ${TOP - 6}V${height - 8}" stroke="#94a3b8" stroke-dasharray="4 3"/>`,
    '</svg>',
    '',
  ].join('\n');
}

export interface Series {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const COLOURS = ['#3b82f6', '#f59e0b', '#10b981', '#ef4444', '#8b5cf6', '#64748b'];
const PLOT = { left: 70, top: 50, width: 560, height: 260 };

/** Lines over a logarithmic x; y begins at 0. */
export function lineChart(title: string, xTitle: string, yTitle: string, series: readonly Series[]): string {
  const xs = series.flatMap(({ points }) => points.map((point) => point.x));
  const [low, high] = [Math.log10(Math.min(...xs)), Math.log10(Math.max(...xs))];
  const top = Math.max(...series.flatMap(({ points }) => points.map((point) => point.y))) * 1.1;
  const x = (value: number): number => PLOT.left + ((Math.log10(value) - low) / (high - low || 1)) * PLOT.width;
  const y = (value: number): number => PLOT.top + PLOT.height - (value / top) * PLOT.height;
  const lines = series.map(({ label, points }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? '';
    const path = points.map((point, at) => `${at === 0 ? 'M' : 'L'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`).join('');
    const dots = points
      .map((point) => `<circle cx="${x(point.x).toFixed(1)}" cy="${y(point.y).toFixed(1)}" r="3" fill="${colour}"/>`)
      .join('');
    const legendY = PLOT.top + 8 + index * 18;
    return (
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}` +
      `<text x="${PLOT.left + PLOT.width + 24}" y="${legendY}" style="fill:${colour}">${escape(label)}</text>`
    );
  });
  const ticks = [...new Set(xs)].map(
    (value) =>
      `<text x="${x(value).toFixed(1)}" y="${PLOT.top + PLOT.height + 18}" text-anchor="middle">${value.toLocaleString('en-US')}</text>`,
  );
  const levels = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(share * top).toFixed(1);
    return (
      `<path d="M${PLOT.left} ${at}h${PLOT.width}" stroke="#94a3b8" stroke-opacity=".3"/>` +
      `<text x="${PLOT.left - 8}" y="${Number(at) + 4}" text-anchor="end">${(share * top).toPrecision(2)}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} 350" role="img" aria-label="${escape(title)}">`,
    '<style>text{font:12px system-ui,sans-serif;fill:#64748b}.t{font-weight:600;font-size:15px}</style>',
    `<text class="t" x="12" y="24">${escape(title)}</text><text x="12" y="42">${escape(yTitle)}</text>`,
    ...levels,
    ...ticks,
    `<text x="${PLOT.left + PLOT.width / 2}" y="${PLOT.top + PLOT.height + 36}" text-anchor="middle">${escape(xTitle)}</text>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}
