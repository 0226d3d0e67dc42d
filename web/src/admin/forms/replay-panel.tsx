/** Has many deliveries made again, call by call, and says how far it is. */
import type { ReplayRequest } from '@openrun/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { Message } from '../../shop/ui/states.tsx';
import { replayDeliveries } from '../api/commands.ts';
import { destinationsQuery } from '../api/queries.ts';
import { EVENT_TYPES } from '../parts/event-types.ts';
import { Period } from '../parts/period.tsx';
import type { DeliverySearch } from '../search.ts';
import { Button } from '../ui/button.tsx';
import { SelectInput } from '../ui/field.tsx';
import { WriteForm } from '../ui/form.tsx';
import { Panel } from '../ui/panel.tsx';
import { useWrite } from '../use-write.ts';
import { dayOf, given } from '../values.ts';

export function ReplayPanel({ search }: { readonly search: DeliverySearch }) {
  const t = useTranslations('admin.replay');
  return (
    <Panel
      title={t('title')}
      hint={t('hint')}
      isFirm
      trigger={
        <Button look="secondary">
          <RotateCcw aria-hidden className="size-4" />
          {t('open')}
        </Button>
      }
    >
      {() => <ReplayForm search={search} />}
    </Panel>
  );
}

/** Repeats the call until nothing is left, and tells after each how many there were. */
function useReplayAll() {
  const client = useQueryClient();
  const [done, setDone] = useState(0);
  const attempt = useWrite({
    run: async (request: ReplayRequest) => {
      let total = 0;
      let after: string | null = null;
      do {
        const answer: { replayed: number; nextAfter: string | null } = await replayDeliveries({
          ...request,
          ...(after === null ? {} : { after }),
        });
        total += answer.replayed;
        after = answer.nextAfter;
        setDone(total);
      } while (after !== null);
      return total;
    },
    onDone: () => void client.invalidateQueries({ queryKey: ['staff', 'deliveries'] }),
  });
  return { done, attempt };
}

function ReplayForm({ search }: { readonly search: DeliverySearch }) {
  const t = useTranslations('admin.replay');
  const words = useTranslations('admin.deliveries');
  const statuses = useTranslations('admin.deliveryStatus');
  const any = { value: '', label: useTranslations('admin.filter')('any') };
  const { count } = useFormats();
  const destinations = useQuery(destinationsQuery);
  const names = (destinations.data ?? []).map(({ name }) => name);
  const [draft, setDraft] = useState({ status: 'failed', destination: '', type: '', from: '', to: '', ...search });
  const put = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change });
  const { done, attempt } = useReplayAll();
  const destination = draft.destination === '' ? (names[0] ?? '') : draft.destination;
  const submit = (): void => {
    const status = (['delivered', 'failed'] as const).find((known) => known === draft.status);
    const type = EVENT_TYPES.find((known) => known === draft.type);
    attempt.mutate({ destination, ...given({ status, type, from: dayOf(draft.from), to: dayOf(draft.to, 1) }) });
  };
  return (
    <WriteForm submit={t('submit')} look="danger" attempt={attempt} onSubmit={submit}>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <SelectInput
          label={words('destination')}
          value={destination}
          choices={names.map((value) => ({ value, label: value }))}
          onChange={(next) => put({ destination: next })}
        />
        <SelectInput
          label={words('status')}
          value={draft.status === 'pending' ? '' : draft.status}
          choices={[any, ...(['failed', 'delivered'] as const).map((value) => ({ value, label: statuses(value) }))]}
          onChange={(status) => put({ status })}
        />
        <SelectInput
          label={words('type')}
          value={draft.type}
          choices={[any, ...EVENT_TYPES.map((value) => ({ value, label: value }))]}
          onChange={(type) => put({ type })}
        />
        <span className="hidden sm:block" />
        <Period from={draft.from} to={draft.to} onChange={put} />
      </div>
      {(attempt.isPending || attempt.isSuccess) && (
        <Message tone={attempt.isSuccess ? 'good' : 'plain'}>{t(attempt.isSuccess ? 'done' : 'underWay', { count: count(done) })}</Message>
      )}
    </WriteForm>
  );
}
