/** Where there is nothing, or what there is has failed. */
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { DoorClosed } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { buttonClass } from '../ui/button.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { EmptyState, ErrorState } from '../ui/states.tsx';

export function MissingPage() {
  const t = useTranslations('lost');
  return (
    <div className="grid gap-6">
      <PageTitle title={t('title')} />
      <EmptyState icon={<DoorClosed />} title={t('text')}>
        <Link to="/" className={buttonClass('secondary')}>
          {t('home')}
        </Link>
      </EmptyState>
    </div>
  );
}

/** A page that broke, or whose script did not come; a new version of the shop may have replaced it. */
export function BrokenPage({ error }: ErrorComponentProps) {
  const t = useTranslations('lost');
  return (
    <div className="grid gap-6">
      <PageTitle title={t('broken')} />
      <ErrorState error={error} onRetry={() => location.reload()} />
    </div>
  );
}
