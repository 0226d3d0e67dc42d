/** Which of the customer's coupons an order uses, each with what it saves. */
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { UserCoupon } from '@openrun/client';
import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { isUsable, savingOf } from '../discount.ts';
import { useDiscountLine } from '../ui/discount-text.ts';

interface CouponChoiceProps {
  readonly coupons: readonly UserCoupon[];
  readonly subtotal: number;
  /** A coupon's id, or `none`. */
  readonly value: string;
  readonly none: string;
  readonly onChange: (value: string) => void;
}

const CHOICE =
  'flex min-h-14 items-center justify-between gap-4 rounded-control border border-line-strong px-4 py-3 text-left outline-offset-2 transition-colors not-data-disabled:hover:border-ink data-checked:border-indigo data-checked:bg-indigo-wash data-checked:shadow-[inset_0_0_0_1px_var(--indigo)] data-disabled:border-dashed data-disabled:border-line';

export function CouponChoice({ coupons, subtotal, value, none, onChange }: CouponChoiceProps) {
  const t = useTranslations('couponChoice');
  const { money } = useFormats();
  const discountText = useDiscountLine();
  const label = useId();
  const issued = coupons.filter(({ status }) => status === 'issued');
  if (issued.length === 0) return <p className="text-soft">{t('none')}</p>;
  return (
    <div className="grid gap-3">
      <h2 id={label} className="font-bold">
        {t('title')}
      </h2>
      <RadioGroup aria-labelledby={label} value={value} onValueChange={onChange} className="grid gap-2.5">
        {issued.map((coupon) => (
          <Radio.Root key={coupon.id} value={coupon.id} disabled={!isUsable(coupon, subtotal)} className={CHOICE}>
            <span>
              <span className="block font-semibold">{discountText(coupon.discount)}</span>
              <span className="block text-sm text-soft">{coupon.name}</span>
            </span>
            <span className="figures shrink-0 text-right text-sm font-bold text-pine">
              {isUsable(coupon, subtotal) ? (
                `−${money(savingOf(coupon.discount, subtotal))}`
              ) : (
                <span className="font-medium text-soft">{t('from', { amount: money(coupon.minOrderAmount) })}</span>
              )}
            </span>
          </Radio.Root>
        ))}
        <Radio.Root value={none} className={CHOICE}>
          {t('without')}
        </Radio.Root>
      </RadioGroup>
    </div>
  );
}
