/** Where there is nothing, or what there is has failed. */
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { DoorClosed } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { EmptyState, ErrorState } from '../../shop/ui/states.tsx';
import { buttonClass } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';

export function MissingPage() {
  const t = useTranslations('admin.lost');
  return (
    <Page title={t('title')}>
      <EmptyState icon={<DoorClosed />} title={t('text')}>
        <Link to="/" className={buttonClass('secondary')}>
          {t('home')}
        </Link>
      </EmptyState>
    </Page>
  );
}

/** A page that broke, or whose script did not come; a new version may have replaced it. */
export function BrokenPage({ error }: ErrorComponentProps) {
  const t = useTranslations('admin.lost');
  return (
    <Page title={t('broken')}>
      <ErrorState error={error} onRetry={() => location.reload()} />
    </Page>
  );
}
