/** The buttons of the back office: the shop's, closer together. */
import { makeButtons } from '../../shop/ui/make-buttons.tsx';

export const { Button, buttonClass } = makeButtons({
  base: 'inline-flex min-h-9 items-center justify-center gap-1.5 rounded-[8px] px-3.5 py-1.5 text-center text-sm font-semibold whitespace-nowrap transition-colors duration-150 ease-calm disabled:opacity-55 aria-disabled:opacity-55',
  spinner: 'size-4',
});
