/** A list that comes page by page, with everything that it may show instead of rows. */
import { Inbox } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { EmptyState, ErrorState, Skeletons } from '../../shop/ui/states.tsx';
import { Button } from './button.tsx';
import { type Column, DataTable } from './data-table.tsx';

/** What is asked page by page. */
interface PagedQuery<Row> {
  readonly data: { readonly pages: readonly { readonly items: readonly Row[] }[] } | undefined;
  readonly error: Error | null;
  readonly isPlaceholderData: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
  readonly refetch: () => unknown;
}

interface ListingProps<Row> {
  readonly query: PagedQuery<Row>;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** What is said where there are no rows. */
  readonly empty: string;
  readonly emptyHint?: ReactNode;
}

export function Listing<Row>({ query, caption, columns, keyOf, empty, emptyHint }: ListingProps<Row>) {
  const t = useTranslations('admin.list');
  const { count } = useFormats();
  if (query.data === undefined) {
    if (query.error !== null) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return (
      <div className="card grid grid-cols-1 gap-2 p-5">
        <Skeletons count={6} className="h-8" />
      </div>
    );
  }
  const rows = query.data.pages.flatMap(({ items }) => items);
  return (
    <div className="grid grid-cols-1 min-w-0 gap-3">
      <p role="status" className="sr-only">
        {t('shown', { count: count(rows.length) })}
      </p>
      {rows.length === 0 ? (
        <EmptyState icon={<Inbox />} title={query.hasNextPage ? t('noneSoFar') : empty}>
          {!query.hasNextPage && emptyHint}
        </EmptyState>
      ) : (
        <div className={`card overflow-hidden transition-opacity ${query.isPlaceholderData ? 'opacity-60' : ''}`}>
          <DataTable caption={caption} columns={columns} rows={rows} keyOf={keyOf} />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-3 text-sm text-soft">
        {rows.length > 0 && <span aria-hidden>{t('shown', { count: count(rows.length) })}</span>}
        {query.hasNextPage && (
          <Button look="secondary" isPending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {rows.length === 0 ? t('further') : t('more')}
          </Button>
        )}
      </div>
    </div>
  );
}
