/** Makes the buttons of a part of the house: what they do is one thing, how large they are is the part's own. */
import { LoaderCircle } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';

const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-ink text-on-ink not-disabled:hover:opacity-90',
  secondary: 'border border-line-strong bg-surface text-ink not-disabled:hover:border-ink',
  quiet: 'text-ink underline decoration-line-strong underline-offset-4 not-disabled:hover:decoration-ink',
  danger: 'border border-vermilion bg-surface text-vermilion not-disabled:hover:bg-vermilion-wash',
};

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look;
  /** Whether what it began is still under way; it cannot be pressed again meanwhile, but keeps the focus. */
  readonly isPending?: boolean;
}

interface Buttons {
  readonly Button: (props: ButtonProps) => ReactNode;
  /** The classes of a link that is to look like a button. */
  readonly buttonClass: (look?: Look, more?: string) => string;
}

/** `base` is of all of them; `spinner` is the size of what turns. */
export function makeButtons({ base, spinner }: { readonly base: string; readonly spinner: string }): Buttons {
  const buttonClass = (look: Look = 'primary', more = ''): string => `${base} ${LOOKS[look]} ${more}`;
  const Button = ({ look = 'primary', isPending = false, className = '', children, onClick, ...rest }: ButtonProps) => (
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
      {isPending && <LoaderCircle aria-hidden className={`${spinner} animate-[turn_1s_linear_infinite]`} />}
      {children}
    </button>
  );
  return { Button, buttonClass };
}
