/** Adds a destination, changes one, and gives one a new secret. A secret is shown once, right after it was made. */
import type { Destination, DestinationChange, EventType, NewDestination } from '@openrun/client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { changeDestination, createDestination, rotateSecret } from '../api/commands.ts';
import { EVENT_TYPES } from '../parts/event-types.ts';
import { SecretOnce } from '../parts/secret-once.tsx';
import { Button } from '../ui/button.tsx';
import { CheckInput, SelectInput, TextInput } from '../ui/field.tsx';
import { WriteForm } from '../ui/form.tsx';
import { Panel } from '../ui/panel.tsx';
import { useWrite } from '../use-write.ts';
import { wholeOf } from '../values.ts';

const KINDS = ['webhook', 'nats', 'log'] as const satisfies readonly NewDestination['kind'][];
const HOUR_SECONDS = 3600;

export function NewDestinationPanel() {
  const t = useTranslations('admin.destinations');
  return (
    <Panel
      title={t('create')}
      isFirm
      trigger={
        <Button>
          <Plus aria-hidden className="size-4" />
          {t('create')}
        </Button>
      }
    >
      {(close) => <NewDestinationForm onDone={close} />}
    </Panel>
  );
}

function NewDestinationForm({ onDone }: { readonly onDone: () => void }) {
  const t = useTranslations('admin.destinations');
  const [name, setName] = useState('');
  const [kind, setKind] = useState<NewDestination['kind']>('webhook');
  const [url, setUrl] = useState('');
  const [types, setTypes] = useState<readonly EventType[]>(EVENT_TYPES);
  const attempt = useWrite({
    run: (body: NewDestination) => createDestination(body),
    done: (made) => t('created', { name: made.name }),
    onDone: ({ secret }) => {
      if (secret === null) onDone();
    },
  });
  const secret = attempt.data?.secret ?? null;
  if (secret !== null) return <SecretOnce secret={secret} onDone={onDone} />;
  const submit = (): void =>
    attempt.mutate({ name: name.trim(), kind, eventTypes: [...types], ...(url.trim() === '' ? {} : { url: url.trim() }) });
  return (
    <WriteForm submit={t('create')} attempt={attempt} onSubmit={submit}>
      <TextInput label={t('name')} hint={t('nameHint')} required value={name} onChange={setName} />
      <SelectInput label={t('kind')} value={kind} choices={KINDS.map((value) => ({ value, label: t(value) }))} onChange={setKind} />
      {kind !== 'log' && (
        <TextInput label={t('url')} required={kind === 'webhook'} inputMode="url" maxLength={2000} value={url} onChange={setUrl} />
      )}
      <EventTypeChoice types={types} onChange={setTypes} />
    </WriteForm>
  );
}

interface EventTypeChoiceProps {
  readonly types: readonly EventType[];
  readonly onChange: (types: readonly EventType[]) => void;
}

function EventTypeChoice({ types, onChange }: EventTypeChoiceProps) {
  const t = useTranslations('admin.destinations');
  return (
    <fieldset>
      <legend className="text-sm font-semibold">{t('types')}</legend>
      <div className="grid grid-cols-1 gap-x-4 sm:grid-cols-2">
        {EVENT_TYPES.map((type) => (
          <CheckInput
            key={type}
            label={<code className="text-xs">{type}</code>}
            isChecked={types.includes(type)}
            onChange={(isChecked) => onChange(EVENT_TYPES.filter((known) => (known === type ? isChecked : types.includes(known))))}
          />
        ))}
      </div>
    </fieldset>
  );
}

export function ChangeDestinationPanel({ destination }: { readonly destination: Destination }) {
  const t = useTranslations('admin.destinations');
  const { name } = destination;
  return (
    <Panel
      title={t('change', { name })}
      isFirm
      trigger={
        <Button look="secondary" aria-label={t('change', { name })}>
          {t('edit')}
        </Button>
      }
    >
      {(close) => <ChangeDestinationForm destination={destination} onDone={close} />}
    </Panel>
  );
}

function ChangeDestinationForm({ destination, onDone }: { readonly destination: Destination; readonly onDone: () => void }) {
  const t = useTranslations('admin.destinations');
  const { name } = destination;
  const [url, setUrl] = useState(destination.url ?? '');
  const [types, setTypes] = useState<readonly EventType[]>(destination.eventTypes);
  const attempt = useWrite({
    run: (body: DestinationChange) => changeDestination({ name, body }),
    done: () => t('changed', { name }),
    onDone,
  });
  const submit = (): void => {
    const address = url.trim();
    attempt.mutate({ eventTypes: [...types], ...(address === '' || address === destination.url ? {} : { url: address }) });
  };
  return (
    <WriteForm submit={t('save')} attempt={attempt} onSubmit={submit}>
      {destination.kind !== 'log' && <TextInput label={t('url')} inputMode="url" maxLength={2000} value={url} onChange={setUrl} />}
      <EventTypeChoice types={types} onChange={setTypes} />
    </WriteForm>
  );
}

export function RotatePanel({ name }: { readonly name: string }) {
  const t = useTranslations('admin.destinations');
  return (
    <Panel
      title={t('rotateTitle', { name })}
      hint={t('rotateHint')}
      isFirm
      trigger={
        <Button look="secondary" aria-label={t('rotateTitle', { name })}>
          {t('rotate')}
        </Button>
      }
    >
      {(close) => <RotateForm name={name} onDone={close} />}
    </Panel>
  );
}

function RotateForm({ name, onDone }: { readonly name: string; readonly onDone: () => void }) {
  const t = useTranslations('admin.destinations');
  const [hours, setHours] = useState('24');
  const attempt = useWrite({ run: (overlapSeconds: number) => rotateSecret({ name, overlapSeconds }), done: () => t('rotated', { name }) });
  const secret = attempt.data?.secret ?? null;
  if (secret !== null) return <SecretOnce secret={secret} onDone={onDone} />;
  return (
    <WriteForm submit={t('rotate')} look="danger" attempt={attempt} onSubmit={() => attempt.mutate((wholeOf(hours) ?? 24) * HOUR_SECONDS)}>
      <TextInput
        type="number"
        min={0}
        max={168}
        step={1}
        required
        label={t('overlap')}
        hint={t('overlapHint')}
        value={hours}
        onChange={setHours}
      />
    </WriteForm>
  );
}
