/** Bars side by side, one a name. It is for the eye: the same figures stand in the table behind it. */
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useFormats } from '../../i18n/format.ts';

const TEXT = { fill: 'var(--soft)', fontSize: 11 };

interface BarsChartProps {
  readonly bars: readonly { readonly name: string; readonly value: number }[];
  readonly label: string;
}

export function BarsChart({ bars, label }: BarsChartProps) {
  const { count } = useFormats();
  return (
    <ResponsiveContainer width="100%" height={220}>
      <BarChart data={[...bars]} accessibilityLayer={false} layout="vertical" margin={{ top: 0, right: 16, bottom: 0, left: 0 }}>
        <CartesianGrid stroke="var(--line)" horizontal={false} />
        <XAxis
          type="number"
          tickFormatter={(value) => count(Number(value))}
          tick={TEXT}
          stroke="var(--line-strong)"
          allowDecimals={false}
        />
        <YAxis type="category" dataKey="name" tick={TEXT} stroke="var(--line-strong)" width={112} interval={0} />
        <Tooltip
          cursor={{ fill: 'var(--sunken)' }}
          contentStyle={{ background: 'var(--surface)', border: '1px solid var(--line)', borderRadius: 8, fontSize: 12 }}
          isAnimationActive={false}
        />
        <Bar dataKey="value" name={label} fill="var(--indigo)" isAnimationActive={false} maxBarSize={18} />
      </BarChart>
    </ResponsiveContainer>
  );
}
