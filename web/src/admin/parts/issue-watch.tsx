/** Watches a coupon go out: how fast, and to whom. */
import type { Coupon } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { DataTable } from '../ui/data-table.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Section } from '../ui/page.tsx';
import { IssuedBar } from './issued-bar.tsx';
import { useIssues } from './issues.ts';
import { CustomerLink } from './names.tsx';

const SHOWN = 20;

export function IssueWatch({ coupon }: { readonly coupon: Coupon }) {
  const t = useTranslations('admin.issues');
  const { count, clock } = useFormats();
  const query = useIssues(coupon.id);
  return (
    <Section title={t('title')} hint={t('hint')}>
      <IssuedBar issued={coupon.issued} quantity={coupon.quantity} label={t('progress')} />
      <p role="status" className="sr-only">
        {coupon.remaining === 0 ? t('soldOut') : ''}
      </p>
      <Loaded query={query} lines={3}>
        {({ issues }) =>
          issues.length === 0 ? (
            <p className="text-sm text-soft">{t('none')}</p>
          ) : (
            <div className="-mx-5">
              <DataTable
                caption={t('title')}
                rows={issues.slice(0, SHOWN)}
                keyOf={({ id }) => id}
                columns={[
                  { id: 'sequence', header: t('sequence'), isHeader: true, isFigure: true, cell: ({ sequence }) => count(sequence) },
                  { id: 'user', header: t('customer'), cell: ({ userId }) => <CustomerLink userId={userId} /> },
                  { id: 'at', header: t('at'), cell: ({ issuedAt }) => clock(Date.parse(issuedAt)) },
                ]}
              />
            </div>
          )
        }
      </Loaded>
    </Section>
  );
}
