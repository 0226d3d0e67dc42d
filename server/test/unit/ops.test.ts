/** The dashboard and the alerts in `ops/` are well formed, and ask for metrics and labels that `docs/metrics.md` has. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { anchorsOf } from '../support/markdown.ts';
import { documentedMetrics, type Metric } from '../support/metrics.ts';

const OPS = join(import.meta.dirname, '../../../ops');
const NAMED = { minLength: 1 };

const Rules = Type.Object({
  groups: Type.Array(
    Type.Object({
      name: Type.String(NAMED),
      rules: Type.Array(
        Type.Object(
          {
            alert: Type.String({ pattern: '^Openrun[A-Z][A-Za-z]+$' }),
            expr: Type.String(NAMED),
            for: Type.Optional(Type.String({ pattern: '^\\d+[smh]$' })),
            labels: Type.Object({ severity: Type.Union([Type.Literal('page'), Type.Literal('ticket')]) }),
            annotations: Type.Object({
              summary: Type.String({ minLength: 20 }),
              description: Type.String({ minLength: 60 }),
              runbook_url: Type.String({ pattern: '^docs/runbook\\.md#.+$' }),
            }),
          },
          { additionalProperties: false },
        ),
        { minItems: 1 },
      ),
    }),
    { minItems: 1 },
  ),
});

const Place = Type.Object({ h: Type.Integer(), w: Type.Integer(), x: Type.Integer(), y: Type.Integer() });
const Panel = Type.Object({
  id: Type.Integer(),
  type: Type.Union([Type.Literal('row'), Type.Literal('timeseries')]),
  title: Type.String(NAMED),
  gridPos: Place,
  targets: Type.Optional(
    Type.Array(Type.Object({ refId: Type.String(), expr: Type.String(NAMED), legendFormat: Type.String() }), { minItems: 1 }),
  ),
});
const Dashboard = Type.Object({
  uid: Type.Literal('openrun'),
  title: Type.String(NAMED),
  schemaVersion: Type.Integer(),
  panels: Type.Array(Panel),
});

const alerts = Value.Parse(Rules, parse(readFileSync(join(OPS, 'prometheus/alerts.yml'), 'utf8'))).groups.flatMap(({ rules }) => rules);
const dashboard: Static<typeof Dashboard> = Value.Parse(Dashboard, JSON.parse(readFileSync(join(OPS, 'grafana/openrun.json'), 'utf8')));

const runbook = readFileSync(join(OPS, '../docs/runbook.md'), 'utf8');

/** Every name under which a metric has samples, with the labels of these. */
function sampleNames({ name, type, labels }: Metric): [string, ReadonlySet<string>][] {
  const given = [...labels, 'instance', 'job'];
  if (type !== 'histogram') return [[name, new Set(given)]];
  return [
    [`${name}_bucket`, new Set([...given, 'le'])],
    [`${name}_sum`, new Set(given)],
    [`${name}_count`, new Set(given)],
  ];
}

/** `up` is of Prometheus itself. */
const known = new Map([...documentedMetrics().flatMap(sampleNames), ['up', new Set(['instance', 'job'])] as const]);

/** What is wrong with an expression: its syntax, or that it asks for what there is not. */
function faultsOf(expression: string): string[] {
  const text = expression.replaceAll('$__rate_interval', '5m');
  const faults: string[] = [];
  const metrics = new Set<string>();
  const labels = new Set<string>();
  parser.parse(text).iterate({
    enter: ({ name, from, to, type }) => {
      const word = text.slice(from, to);
      if (type.isError) faults.push(`syntax at ${from}: ${text.slice(from, from + 20)}`);
      if (name === 'Identifier') metrics.add(word);
      if (name === 'LabelName') labels.add(word);
    },
  });
  for (const metric of metrics) if (!known.has(metric)) faults.push(`no metric ${metric}`);
  for (const label of labels) if (![...metrics].some((metric) => known.get(metric)?.has(label))) faults.push(`no label ${label}`);
  return metrics.size === 0 ? [...faults, 'asks for nothing'] : faults;
}

describe('what is wrong with an expression is found', () => {
  test.each<[string, string[]]>([
    ['sum by (queue) (rate(openrun_commit_waiting{job="x"}[5m])) > 1', []],
    ['openrun_commit_waiting > up', []],
    ['openrun_commit_wating', ['no metric openrun_commit_wating']],
    ['openrun_commit_wait_seconds', ['no metric openrun_commit_wait_seconds']],
    ['sum by (que) (openrun_commit_waiting)', ['no label que']],
    ['openrun_commit_waiting{le="1"}', ['no label le']],
    ['1 > 0', ['asks for nothing']],
  ])('%s', (expression, faults) => {
    expect(faultsOf(expression)).toEqual(faults);
  });

  test.each(['sum(up', 'rate(up[5m)', 'up ==', 'sum by queue (up)', 'up{job=openrun}'])('%s is no PromQL', (expression) => {
    expect(faultsOf(expression).join()).toContain('syntax');
  });
});

test.each(alerts)('the alert $alert asks for what there is', ({ expr }) => {
  expect(faultsOf(expr)).toEqual([]);
});

test.each(alerts)('the runbook has what to do about $alert, and says so', ({ alert, annotations }) => {
  const [, anchor = ''] = annotations.runbook_url.split('#');
  const sections = runbook.split(/^(?=## )/m);
  const named = sections.filter((section) => anchorsOf(section).has(anchor));
  expect(named).toHaveLength(1);
  expect(/^Alerts?: (.*)\.$/m.exec(named[0] ?? '')?.[1]).toContain(`\`${alert}\``);
});

test('the runbook names no alert that there is not', () => {
  const named = [...runbook.matchAll(/^Alerts?: (.*)\.$/gm)].flatMap(([, list = '']) => list.replaceAll('`', '').split(', '));
  expect(named.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});

test('every alert has a name of its own', () => {
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
});

test.each(dashboard.panels.filter(({ type }) => type !== 'row'))('the panel $title asks for what there is', ({ targets = [] }) => {
  expect(targets.length).toBeGreaterThan(0);
  for (const { expr } of targets) expect(faultsOf(expr), expr).toEqual([]);
});

test('no panel lies on another one, and every one has an id of its own', () => {
  const cells = dashboard.panels.flatMap(({ gridPos: { h, w, x, y } }) =>
    Array.from({ length: h * w }, (_none, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
});

test('every metric of the shop is on the dashboard', () => {
  const asked = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n');
  const own = documentedMetrics().filter(({ name }) => name.startsWith('openrun_'));
  expect(own.map(({ name }) => name).filter((name) => !asked.includes(name))).toEqual([]);
});
