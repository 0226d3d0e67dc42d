/** Buttons, and links that look like them. */
import { LoaderCircle } from 'lucide-react';
import type { ComponentProps } from 'react';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';

const BASE =
  'inline-flex min-h-12 items-center justify-center gap-2 rounded-control px-5 py-2.5 text-center font-semibold transition-[background-color,border-color,opacity,scale] duration-150 ease-calm not-disabled:active:scale-[0.98] disabled:opacity-55 aria-disabled:opacity-55';
const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-ink text-on-ink not-disabled:hover:opacity-90',
  secondary: 'border border-line-strong bg-surface text-ink not-disabled:hover:border-ink',
  quiet: 'text-ink underline decoration-line-strong underline-offset-4 not-disabled:hover:decoration-ink',
  danger: 'border border-vermilion bg-surface text-vermilion not-disabled:hover:bg-vermilion-wash',
};

/** The classes of a link that is to look like a button. */
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
      {isPending && <LoaderCircle aria-hidden className="size-5 animate-[turn_1s_linear_infinite]" />}
      {children}
    </button>
  );
}
