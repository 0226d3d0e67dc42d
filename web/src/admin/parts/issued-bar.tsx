/** How far a coupon is issued, as a bar. */
import { useFormats } from '../../i18n/format.ts';

export function IssuedBar({ issued, quantity, label }: { readonly issued: number; readonly quantity: number; readonly label: string }) {
  const { count } = useFormats();
  const share = quantity === 0 ? 1 : issued / quantity;
  return (
    <div className="grid grid-cols-1 min-w-28 gap-1">
      <span className="text-right">
        {count(issued)} / {count(quantity)}
      </span>
      <svg role="img" aria-label={label} viewBox="0 0 100 2" preserveAspectRatio="none" className="h-1.5 w-full rounded-full bg-sunken">
        <rect width={share * 100} height="2" className={share >= 0.9 ? 'fill-vermilion' : 'fill-indigo'} />
      </svg>
    </div>
  );
}
