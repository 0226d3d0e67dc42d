/** The buttons of the back office: the shop's, closer together. */
import { LoaderCircle } from 'lucide-react';
import type { ComponentProps } from 'react';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';

const BASE =
  'inline-flex min-h-9 items-center justify-center gap-1.5 rounded-[8px] px-3.5 py-1.5 text-center text-sm font-semibold whitespace-nowrap transition-colors duration-150 ease-calm disabled:opacity-55 aria-disabled:opacity-55';
const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-ink text-on-ink not-disabled:hover:opacity-90',
  secondary: 'border border-line-strong bg-surface text-ink not-disabled:hover:border-ink',
  quiet: 'px-2 text-ink underline decoration-line-strong underline-offset-4 not-disabled:hover:decoration-ink',
  danger: 'border border-vermilion bg-surface text-vermilion not-disabled:hover:bg-vermilion-wash',
};

export function buttonClass(look: Look = 'primary', more = ''): string {
  return `${BASE} ${LOOKS[look]} ${more}`;
}

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look;
  /** Whether what it began is still under way; it cannot be pressed again meanwhile, but keeps the focus. */
  readonly isPending?: boolean;
}

export function Button({ look = 'primary', isPending = false, className = '', children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass(look, className)}
      aria-disabled={isPending || undefined}
      aria-busy={isPending || undefined}
      onClick={(event) => {
        if (isPending) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {isPending && <LoaderCircle aria-hidden className="size-4 animate-[turn_1s_linear_infinite]" />}
      {children}
    </button>
  );
}
