/** Makes or changes a coupon. */
import type { Coupon, CouponChange, NewCoupon } from '@openrun/client';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { changeCoupon, createCoupon } from '../api/commands.ts';
import { SelectInput, TextInput } from '../ui/field.tsx';
import { WriteForm } from '../ui/form.tsx';
import { useWrite } from '../use-write.ts';
import { AMOUNT_PATTERN, amountOf, momentOf, typedAmount, typedMoment, wholeOf } from '../values.ts';

interface Draft {
  readonly name: string;
  readonly type: 'fixed' | 'percent';
  readonly amount: string;
  readonly percent: string;
  readonly maxAmount: string;
  readonly minOrder: string;
  readonly quantity: string;
  readonly startsAt: string;
  readonly expiresAt: string;
}

const WEEK_MS = 7 * 86_400_000;

function emptyDraft(): Draft {
  const expiresAt = typedMoment(new Date(Date.now() + WEEK_MS).toISOString());
  return { name: '', type: 'fixed', amount: '', percent: '', maxAmount: '', minOrder: '0', quantity: '100', startsAt: '', expiresAt };
}

function draftOf({ name, discount, minOrderAmount, quantity, startsAt, expiresAt }: Coupon): Draft {
  const isFixed = discount.type === 'fixed';
  return {
    name,
    type: discount.type,
    amount: isFixed ? typedAmount(discount.amount) : '',
    percent: isFixed ? '' : String(discount.percent),
    maxAmount: isFixed || discount.maxAmount === undefined ? '' : typedAmount(discount.maxAmount),
    minOrder: typedAmount(minOrderAmount),
    quantity: String(quantity),
    startsAt: typedMoment(startsAt),
    expiresAt: typedMoment(expiresAt),
  };
}

function discountOf({ type, amount, percent, maxAmount }: Draft): NewCoupon['discount'] {
  if (type === 'fixed') return { type, amount: amountOf(amount) ?? 0 };
  const max = amountOf(maxAmount);
  return { type, percent: wholeOf(percent) ?? 0, ...(max === null ? {} : { maxAmount: max }) };
}

function newCouponOf(draft: Draft): NewCoupon {
  const startsAt = momentOf(draft.startsAt);
  return {
    name: draft.name.trim(),
    discount: discountOf(draft),
    minOrderAmount: amountOf(draft.minOrder) ?? 0,
    quantity: wholeOf(draft.quantity) ?? 0,
    ...(startsAt === null ? {} : { startsAt }),
    expiresAt: momentOf(draft.expiresAt) ?? '',
  };
}

export function NewCouponForm({ onDone }: { readonly onDone: () => void }) {
  const t = useTranslations('admin.coupons');
  const navigate = useNavigate();
  const [draft, setDraft] = useState(emptyDraft);
  const attempt = useWrite({
    run: (body: NewCoupon) => createCoupon(body),
    done: ({ name }) => t('created', { name }),
    onDone: ({ id }) => {
      onDone();
      void navigate({ to: '/coupons/$couponId', params: { couponId: id } });
    },
  });
  return (
    <WriteForm submit={t('create')} attempt={attempt} onSubmit={() => attempt.mutate(newCouponOf(draft))}>
      <CouponFields draft={draft} onChange={setDraft} />
    </WriteForm>
  );
}

export function CouponForm({ coupon, onDone }: { readonly coupon: Coupon; readonly onDone: () => void }) {
  const t = useTranslations('admin.coupons');
  const [first] = useState(() => draftOf(coupon));
  const [draft, setDraft] = useState(first);
  const attempt = useWrite({
    run: (body: CouponChange) => changeCoupon({ couponId: coupon.id, body }),
    done: () => t('changed'),
    onDone,
  });
  const submit = (): void => {
    const { startsAt, expiresAt, ...rest } = newCouponOf(draft);
    // The fields know minutes only: a time that nobody touched keeps its seconds.
    const times = {
      ...(draft.startsAt === first.startsAt || startsAt === undefined ? {} : { startsAt }),
      ...(draft.expiresAt === first.expiresAt ? {} : { expiresAt }),
    };
    attempt.mutate({ ...rest, ...times });
  };
  return (
    <WriteForm submit={t('save')} attempt={attempt} onSubmit={submit}>
      <CouponFields draft={draft} onChange={setDraft} />
    </WriteForm>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

function CouponFields({ draft, onChange }: FieldsProps) {
  const t = useTranslations('admin.coupons');
  const put = (change: Partial<Draft>): void => onChange({ ...draft, ...change });
  return (
    <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
      <div className="sm:col-span-2">
        <TextInput label={t('name')} required maxLength={200} value={draft.name} onChange={(name) => put({ name })} />
      </div>
      <DiscountFields draft={draft} onChange={onChange} />
      <TextInput
        label={t('minOrder')}
        inputMode="decimal"
        pattern={AMOUNT_PATTERN}
        value={draft.minOrder}
        onChange={(minOrder) => put({ minOrder })}
      />
      <TextInput
        type="number"
        min={0}
        max={1_000_000_000}
        step={1}
        required
        label={t('quantity')}
        value={draft.quantity}
        onChange={(quantity) => put({ quantity })}
      />
      <TextInput
        type="datetime-local"
        label={t('starts')}
        hint={t('startsHint')}
        value={draft.startsAt}
        onChange={(startsAt) => put({ startsAt })}
      />
      <TextInput type="datetime-local" required label={t('expires')} value={draft.expiresAt} onChange={(expiresAt) => put({ expiresAt })} />
    </div>
  );
}

function DiscountFields({ draft, onChange }: FieldsProps) {
  const t = useTranslations('admin.coupons');
  const put = (change: Partial<Draft>): void => onChange({ ...draft, ...change });
  const choices = (['fixed', 'percent'] as const).map((value) => ({ value, label: t(value) }));
  return (
    <>
      <SelectInput label={t('discount')} value={draft.type} choices={choices} onChange={(type) => put({ type })} />
      {draft.type === 'fixed' ? (
        <TextInput
          label={t('amount')}
          required
          inputMode="decimal"
          pattern={AMOUNT_PATTERN}
          value={draft.amount}
          onChange={(amount) => put({ amount })}
        />
      ) : (
        <>
          <TextInput
            type="number"
            min={1}
            max={100}
            step={1}
            required
            label={t('percentValue')}
            value={draft.percent}
            onChange={(percent) => put({ percent })}
          />
          <TextInput
            label={t('maxAmount')}
            inputMode="decimal"
            pattern={AMOUNT_PATTERN}
            value={draft.maxAmount}
            onChange={(maxAmount) => put({ maxAmount })}
          />
        </>
      )}
    </>
  );
}
