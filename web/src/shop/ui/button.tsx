/** The shop's buttons, and links that look like them. */
import { makeButtons } from './make-buttons.tsx';

export const { Button, buttonClass } = makeButtons({
  base: 'inline-flex min-h-12 items-center justify-center gap-2 rounded-control px-5 py-2.5 text-center font-semibold transition-[background-color,border-color,opacity,scale] duration-150 ease-calm not-disabled:active:scale-[0.98] disabled:opacity-55 aria-disabled:opacity-55',
  spinner: 'size-5',
});
