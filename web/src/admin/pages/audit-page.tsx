/** Recomputes every invariant of the books, and shows what does not add up. */
import type { AuditResult } from '@openrun/client';
import { useMutation } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, ShieldCheck } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { EmptyState, Message } from '../../shop/ui/states.tsx';
import { runAudit } from '../api/commands.ts';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { ProblemMessage } from '../ui/form.tsx';
import { Page, Section } from '../ui/page.tsx';

export function AuditPage() {
  const t = useTranslations('admin.audit');
  const audit = useMutation({ mutationFn: runAudit });
  return (
    <Page
      title={t('title')}
      actions={
        <Button isPending={audit.isPending} onClick={() => audit.mutate()}>
          {t('run')}
        </Button>
      }
    >
      <p className="max-w-prose text-soft">{t('intro')}</p>
      <div role="status" className="empty:hidden">
        {audit.isPending && (
          <div className="card grid grid-cols-1 gap-3 p-5">
            <p className="font-medium">{t('running')}</p>
            <div aria-hidden className="skeleton h-2" />
          </div>
        )}
      </div>
      {audit.error !== null && !audit.isPending && <ProblemMessage error={audit.error} />}
      {audit.isIdle && <EmptyState icon={<ShieldCheck />} title={t('notYet')} />}
      {audit.data !== undefined && !audit.isPending && <Result result={audit.data} />}
    </Page>
  );
}

function Result({ result: { isClean, startedAt, durationMs, checks, differences } }: { readonly result: AuditResult }) {
  const t = useTranslations('admin.audit');
  const { count, moment } = useFormats();
  const rows = checks.map((name) => ({ name, found: differences.filter(({ check }) => check === name).map(({ found }) => found) }));
  return (
    <div className="grid grid-cols-1 gap-4">
      <Message tone={isClean ? 'good' : 'error'}>
        {isClean ? t('clean', { count: count(checks.length) }) : t('broken', { count: count(differences.length) })}
      </Message>
      <Section title={t('checks')} hint={t('ran', { time: moment(startedAt), seconds: count(durationMs / 1000) })}>
        <div className="-mx-5">
          <DataTable
            caption={t('checks')}
            rows={rows}
            keyOf={({ name }) => name}
            columns={[
              { id: 'name', header: t('check'), isHeader: true, cell: ({ name }) => name },
              { id: 'result', header: t('result'), cell: ({ found }) => <Outcome found={found} /> },
            ]}
          />
        </div>
      </Section>
    </div>
  );
}

function Outcome({ found }: { readonly found: readonly object[] }) {
  const t = useTranslations('admin.audit');
  if (found.length === 0) {
    return (
      <span className="flex items-center gap-1.5 text-pine">
        <CircleCheck aria-hidden className="size-4" />
        {t('addsUp')}
      </span>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-1">
      <span className="flex items-center gap-1.5 font-semibold text-vermilion">
        <CircleAlert aria-hidden className="size-4" />
        {t('differences', { count: found.length })}
      </span>
      {found.map((row) => (
        <code key={JSON.stringify(row)} className="text-xs break-all">
          {JSON.stringify(row)}
        </code>
      ))}
    </div>
  );
}
