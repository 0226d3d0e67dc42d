/** Says that the session has ended, above whatever is open, and signs in again on the spot: what was typed stays. */
import type { AccountUser } from '@openrun/client';
import { type SyntheticEvent, useEffect, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useTranslations } from 'use-intl';
import { useEnter } from '../door.ts';
import { Button } from './button.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** The browser's own modal dialog, because it stands above those of the page and leaves them as they are. */
export function SessionEnded({ user }: { readonly user: AccountUser }) {
  const t = useTranslations('sessionEnded');
  const enter = useEnter();
  const dialog = useRef<HTMLDialogElement>(null);
  const label = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return createPortal(
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- It keeps keys and presses from the dialogs below.
    <dialog
      ref={dialog}
      aria-labelledby={label}
      className="card m-auto w-[min(26rem,calc(100vw-2rem))] p-6 text-ink shadow-lift backdrop:bg-black/45"
      onCancel={(event) => event.preventDefault()}
      // A browser closes it at the second Escape all the same.
      onClose={({ currentTarget }) => currentTarget.showModal()}
      onKeyDown={keepHere}
      onPointerDown={keepHere}
      onClick={keepHere}
    >
      <div className="grid grid-cols-1 gap-5">
        <div className="grid gap-1">
          <h2 id={label} className="text-xl font-bold">
            {t('title')}
          </h2>
          <p className="text-soft">{t('text')}</p>
        </div>
        <SignInForm email={user.email} onEntered={enter} />
        <Button look="quiet" onClick={() => enter(null)}>
          {t('leave')}
        </Button>
      </div>
    </dialog>,
    // Beside the page, which an open dialog hides from screen readers.
    document.body,
  );
}

function keepHere(event: SyntheticEvent): void {
  event.stopPropagation();
}
