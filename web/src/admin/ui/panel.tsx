/** A dialog for a form or a closer look. */
import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';

interface PanelProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly title: string;
  readonly hint?: string;
  readonly isWide?: boolean;
  /** Whether a press beside it must not close it. */
  readonly isFirm?: boolean;
  readonly children: (close: () => void) => ReactNode;
}

const FADE = 'transition-opacity duration-200 data-ending-style:opacity-0 data-starting-style:opacity-0';

export function Panel({ trigger, title, hint, isWide = false, isFirm = false, children }: PanelProps) {
  const t = useTranslations('admin.panel');
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => setOpen(next)} disablePointerDismissal={isFirm}>
      <Dialog.Trigger render={trigger} />
      <Dialog.Portal>
        <Dialog.Backdrop className={`fixed inset-0 z-40 bg-black/45 ${FADE}`} />
        <Dialog.Popup
          className={`card fixed inset-x-3 top-[max(1rem,6dvh)] z-50 mx-auto grid grid-cols-1 max-h-[88dvh] gap-4 overflow-y-auto p-6 shadow-lift ${isWide ? 'max-w-3xl' : 'max-w-lg'} ${FADE}`}
        >
          <div className="flex items-start justify-between gap-4">
            <div className="min-w-0">
              <Dialog.Title className="text-lg font-bold">{title}</Dialog.Title>
              {hint !== undefined && <Dialog.Description className="text-sm text-soft">{hint}</Dialog.Description>}
            </div>
            <Dialog.Close aria-label={t('close')} className="-m-2 grid size-9 shrink-0 place-items-center rounded-[8px] hover:bg-sunken">
              <X aria-hidden className="size-5" />
            </Dialog.Close>
          </div>
          {children(() => setOpen(false))}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
