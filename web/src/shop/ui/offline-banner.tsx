/** Says that the device is offline, above every page. */
import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { LiveRegion } from './live-region.tsx';

export function OfflineBanner() {
  const t = useTranslations('state');
  const isOnline = useSyncExternalStore(watchConnection, () => navigator.onLine);
  return (
    <LiveRegion>
      {!isOnline && (
        <p className="flex items-center justify-center gap-2 bg-vermilion-wash px-4 py-2.5 text-center font-medium text-vermilion">
          <WifiOff aria-hidden className="size-5 shrink-0" />
          {t('offline')}
        </p>
      )}
    </LiveRegion>
  );
}

function watchConnection(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}
