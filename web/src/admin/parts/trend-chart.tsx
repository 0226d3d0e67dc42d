/** Lines over the last minutes. It is for the eye: the same figures stand in the table behind it. */
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useFormats } from '../../i18n/format.ts';
import type { Point, Values } from '../api/points.ts';

const COLOURS = ['var(--indigo)', 'var(--vermilion)', 'var(--pine)', 'var(--ink)', 'var(--line-strong)'] as const;
/** Lines differ by their dashes, too. */
const DASHES = ['', '6 3', '2 3', '10 4 2 4', '1 4'] as const;
const TEXT = { fill: 'var(--soft)', fontSize: 11 };

interface TrendChartProps {
  readonly points: readonly Point[];
  readonly of: 'flows' | 'refused' | 'lag' | 'batchMs' | 'batchSize' | 'coupons' | 'revenue';
  readonly nameOf?: (line: string) => string;
  readonly format: (value: number) => string;
}

export function TrendChart({ points, of, nameOf, format }: TrendChartProps) {
  const { clock } = useFormats();
  const rows = points.map((point) => ({ at: point.at, values: point[of] }));
  const lines = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  return (
    <ResponsiveContainer width="100%" height={220}>
      <LineChart data={rows} accessibilityLayer={false} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="at"
          type="number"
          domain={['dataMin', 'dataMax']}
          tickFormatter={clock}
          tick={TEXT}
          stroke="var(--line-strong)"
          minTickGap={48}
        />
        <YAxis tickFormatter={format} tick={TEXT} stroke="var(--line-strong)" width="auto" allowDecimals={false} />
        <Tooltip
          labelFormatter={(at) => clock(Number(at))}
          formatter={(value) => format(Number(value))}
          contentStyle={{ background: 'var(--surface)', border: '1px solid var(--line)', borderRadius: 8, fontSize: 12 }}
          isAnimationActive={false}
        />
        <Legend wrapperStyle={{ fontSize: 12 }} formatter={(name) => <span className="text-ink">{name}</span>} />
        {lines.map((line, index) => (
          <Line
            key={line}
            name={nameOf?.(line) ?? line}
            dataKey={({ values }: { readonly values: Values }) => values[line] ?? null}
            stroke={COLOURS[index % COLOURS.length] ?? 'var(--ink)'}
            strokeDasharray={DASHES[index % DASHES.length] ?? ''}
            strokeWidth={2}
            dot={false}
            connectNulls
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
