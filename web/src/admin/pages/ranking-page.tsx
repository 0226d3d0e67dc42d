/** The best sellers as the shop shows them, and the way to compute them now. */
import type { Ranking } from '@openrun/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RefreshCw, TrendingUp } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { EmptyState } from '../../shop/ui/states.tsx';
import { refreshRanking } from '../api/commands.ts';
import { staffRankingQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { ProblemMessage } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page, Section } from '../ui/page.tsx';
import { useWrite } from '../use-write.ts';

export function RankingPage() {
  const t = useTranslations('admin.ranking');
  const client = useQueryClient();
  const query = useQuery(staffRankingQuery);
  const refresh = useWrite({
    run: refreshRanking,
    done: () => t('refreshed'),
    onDone: (ranking) => client.setQueryData(staffRankingQuery.queryKey, ranking),
  });
  return (
    <Page
      title={t('title')}
      actions={
        <Button isPending={refresh.isPending} onClick={() => refresh.mutate()}>
          <RefreshCw aria-hidden className="size-4" />
          {t('refresh')}
        </Button>
      }
    >
      {refresh.error !== null && !refresh.isPending && <ProblemMessage error={refresh.error} />}
      <Loaded query={query}>{(ranking) => <Best ranking={ranking} />}</Loaded>
    </Page>
  );
}

function Best({ ranking: { asOf, from, to, items } }: { readonly ranking: Ranking }) {
  const t = useTranslations('admin.ranking');
  const { money, count, moment } = useFormats();
  if (items.length === 0) return <EmptyState icon={<TrendingUp />} title={t('none')} />;
  return (
    <Section title={t('best')} hint={t('period', { from: moment(from), to: moment(to), asOf: moment(asOf) })}>
      <div className="-mx-5">
        <DataTable
          caption={t('best')}
          rows={items}
          keyOf={({ productId }) => productId}
          columns={[
            { id: 'rank', header: t('rank'), cell: ({ rank }) => count(rank) },
            {
              id: 'name',
              header: t('product'),
              isHeader: true,
              cell: ({ productId, name }) => (
                <Link to="/products/$productId" params={{ productId }} className="underline decoration-line-strong underline-offset-4">
                  {name}
                </Link>
              ),
            },
            { id: 'quantity', header: t('quantity'), isFigure: true, cell: ({ quantity }) => count(quantity) },
            { id: 'revenue', header: t('revenue'), isFigure: true, cell: ({ revenue }) => money(revenue) },
          ]}
        />
      </div>
    </Section>
  );
}
