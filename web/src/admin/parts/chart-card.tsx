/** A chart with its table behind it: the one or the other, as somebody likes. */
import { ChartLine, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/page.tsx';

interface ChartCardProps {
  readonly title: string;
  readonly hint?: string;
  /** What the chart says, in a sentence. */
  readonly summary: string;
  readonly chart: ReactNode;
  readonly table: ReactNode;
  /** What is said where there is nothing to show. */
  readonly empty?: string | null;
}

export function ChartCard({ title, hint, summary, chart, table, empty = null }: ChartCardProps) {
  const t = useTranslations('admin.chart');
  const [isTable, setTable] = useState(false);
  const words = hint === undefined ? {} : { hint };
  if (empty !== null) {
    return (
      <Section title={title} {...words}>
        <p className="py-6 text-center text-sm text-soft">{empty}</p>
      </Section>
    );
  }
  return (
    <Section
      title={title}
      {...words}
      actions={
        <Button look="secondary" aria-label={t(isTable ? 'chartOf' : 'tableOf', { title })} onClick={() => setTable(!isTable)}>
          {isTable ? <ChartLine aria-hidden className="size-4" /> : <Table2 aria-hidden className="size-4" />}
          {t(isTable ? 'chart' : 'table')}
        </Button>
      }
    >
      {isTable ? (
        <div className="-mx-5 max-h-72 overflow-y-auto">{table}</div>
      ) : (
        <div role="img" aria-label={summary} className="min-w-0">
          {chart}
        </div>
      )}
    </Section>
  );
}
