/** Decisions about destinations. Pure. */
import { atOffset } from '../kernel/clock.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { deliveryErrors } from './delivery.errors.ts';
import { DESTINATION_KINDS, type Destination, type DestinationCommand, type EnvironmentDestination } from './destination.types.ts';

type Code = keyof typeof deliveryErrors | 'VALIDATION_FAILED';
type Command<Kind extends DestinationCommand['kind']> = Extract<DestinationCommand, { kind: Kind }>;

/** What a batch of destination commands may read and change. */
export interface DestinationState {
  readonly destinations: Map<string, Destination>;
  readonly changed: Set<string>;
}

const ENABLED_MAX = 20;
/** With those that are off, whose names are kept. */
const DESTINATIONS_MAX = 200;

export function decideDestination(state: DestinationState, command: DestinationCommand, now: Date): Destination | Refusal<Code> {
  switch (command.kind) {
    case 'create':
      return decideCreate(state, command, now);
    case 'update':
      return decideUpdate(state, command, now);
    case 'rotate':
      return decideRotate(state, command, now);
    case 'gone':
      return decideGone(state, command, now);
    case 'settings':
      return decideSettings(state, command.settings, now);
  }
}

function decideCreate(state: DestinationState, { name, sink, url, secret, eventTypes }: Command<'create'>, now: Date) {
  if (DESTINATION_KINDS.some((kind) => kind === name)) return invalid('/name', 'is kept for the destination of the settings');
  if (state.destinations.has(name)) return refuse('DESTINATION_EXISTS');
  if (state.destinations.size >= DESTINATIONS_MAX) return refuse('TOO_MANY_DESTINATIONS', { limit: DESTINATIONS_MAX });
  if (enabledOf(state) >= ENABLED_MAX) return refuse('TOO_MANY_DESTINATIONS', { limit: ENABLED_MAX });
  return change(state, fresh({ name, kind: sink, origin: 'staff', url, secret, eventTypes }, now));
}

function enabledOf({ destinations }: DestinationState): number {
  return [...destinations.values()].filter(({ enabled }) => enabled).length;
}

function decideUpdate(state: DestinationState, { name, patch }: Command<'update'>, now: Date) {
  const destination = state.destinations.get(name);
  if (destination === undefined) return refuse('DESTINATION_NOT_FOUND');
  const { url, eventTypes, enabled } = patch;
  if (url !== undefined && destination.origin === 'environment') return refuse('DESTINATION_FROM_SETTINGS');
  if (url !== undefined && destination.kind === 'log') return invalid('/url', 'the log has none');
  if (enabled === true && !destination.enabled && enabledOf(state) >= ENABLED_MAX) {
    return refuse('TOO_MANY_DESTINATIONS', { limit: ENABLED_MAX });
  }
  return change(state, {
    ...destination,
    ...(url === undefined ? {} : { url }),
    ...(eventTypes === undefined ? {} : { eventTypes }),
    ...(enabled === undefined ? {} : { enabled, disabledReason: enabled ? null : ('staff' as const) }),
    updatedAt: later(destination, now),
  });
}

function decideRotate(state: DestinationState, { name, secret, overlapSeconds }: Command<'rotate'>, now: Date) {
  const destination = state.destinations.get(name);
  if (destination === undefined) return refuse('DESTINATION_NOT_FOUND');
  if (destination.origin === 'environment') return refuse('DESTINATION_FROM_SETTINGS');
  if (destination.kind !== 'webhook') return refuse('DESTINATION_WITHOUT_SECRET');
  return change(state, withSecret(destination, secret, overlapSeconds, now));
}

/**
 * A destination that has gone is turned off, and what it should have got waits for staff. An answer to what it was before says nothing: there is no
 * such destination any more, and nothing to write.
 */
function decideGone(state: DestinationState, { name, updatedAt }: Command<'gone'>, now: Date) {
  const destination = state.destinations.get(name);
  const isAsItWas = destination?.enabled === true && destination.updatedAt <= updatedAt;
  if (!isAsItWas) return refuse('DESTINATION_NOT_FOUND');
  return change(state, { ...destination, enabled: false, disabledReason: 'gone', updatedAt: later(destination, now) });
}

/** A secret that was changed in the settings of one process after another: both are valid for as long as a slow roll-out takes. */
const SETTINGS_OVERLAP_SECONDS = 86_400;

/**
 * Makes the destination of the settings, or brings it up to date. One that other settings made before is turned off; what staff chose, its
 * types and whether it is on, stays.
 */
function decideSettings(state: DestinationState, settings: EnvironmentDestination, now: Date): Destination {
  for (const other of state.destinations.values()) {
    if (other.origin === 'environment' && other.kind !== settings.kind && other.enabled) {
      change(state, { ...other, enabled: false, disabledReason: 'settings', updatedAt: later(other, now) });
    }
  }
  const known = state.destinations.get(settings.kind);
  if (known === undefined) {
    return change(state, fresh({ name: settings.kind, origin: 'environment', eventTypes: ['order.paid'], ...settings }, now));
  }
  const keepsSecret = settings.secret === null || settings.secret === known.secret;
  const current = keepsSecret ? known : withSecret(known, settings.secret, SETTINGS_OVERLAP_SECONDS, now);
  const isBack = current.disabledReason === 'settings' || (current.disabledReason === 'gone' && current.url !== settings.url);
  if (current === known && known.url === settings.url && !isBack) return known;
  return change(state, {
    ...current,
    url: settings.url,
    ...(isBack ? { enabled: true, disabledReason: null } : {}),
    updatedAt: later(known, now),
  });
}

function fresh(of: Pick<Destination, 'name' | 'kind' | 'origin' | 'url' | 'secret' | 'eventTypes'>, now: Date): Destination {
  return { ...of, previousSecret: null, previousSecretUntil: null, enabled: true, disabledReason: null, createdAt: now, updatedAt: now };
}

function withSecret(destination: Destination, secret: string, overlapSeconds: number, now: Date): Destination {
  const overlaps = overlapSeconds > 0;
  return {
    ...destination,
    secret,
    previousSecret: overlaps ? destination.secret : null,
    previousSecretUntil: overlaps ? atOffset(now, overlapSeconds * 1000) : null,
    updatedAt: later(destination, now),
  };
}

/** `updatedAt` is also the version by which processes see a change, so it never stays the same. */
function later({ updatedAt }: Destination, now: Date): Date {
  return now > updatedAt ? now : new Date(updatedAt.getTime() + 1);
}

function change(state: DestinationState, destination: Destination): Destination {
  state.destinations.set(destination.name, destination);
  state.changed.add(destination.name);
  return destination;
}

function invalid(path: string, message: string): Refusal<Code> {
  return refuse('VALIDATION_FAILED', { errors: [{ path, message }] });
}
