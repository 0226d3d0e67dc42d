/** Takes what happened between two days home as CSV; the browser downloads it as it comes, however much it is. */
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button, buttonClass } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { dayOf } from '../values.ts';
import { Period } from './period.tsx';

const FILES = ['orders', 'payments', 'coupons'] as const;

export function ExportPanel() {
  const t = useTranslations('admin.export');
  const [period, setPeriod] = useState({ from: '', to: '' });
  return (
    <Panel
      title={t('title')}
      hint={t('hint')}
      trigger={
        <Button look="secondary">
          <Download aria-hidden className="size-4" />
          {t('open')}
        </Button>
      }
    >
      {() => (
        <div className="grid grid-cols-1 gap-4">
          <div className="grid grid-cols-2 gap-3">
            <Period {...period} onChange={setPeriod} />
          </div>
          <div className="flex flex-wrap gap-2">
            {FILES.map((name) => (
              <a key={name} href={exportPath(name, period)} download={`${name}.csv`} className={buttonClass('secondary')}>
                <Download aria-hidden className="size-4" />
                {t(name)}
              </a>
            ))}
          </div>
        </div>
      )}
    </Panel>
  );
}

function exportPath(name: (typeof FILES)[number], { from, to }: { readonly from: string; readonly to: string }): string {
  const query = new URLSearchParams();
  const [first, end] = [dayOf(from), dayOf(to, 1)];
  if (first !== null) query.set('from', first);
  if (end !== null) query.set('to', end);
  return `/exports/${name}.csv${query.size > 0 ? `?${query.toString()}` : ''}`;
}
