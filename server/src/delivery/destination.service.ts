/**
 * Use cases of destinations, and the copy of them that every process keeps: effects ask it which events are wanted, and the relay where they
 * go. A change is known at once where it was made, and within a second in other processes.
 */
import { randomBytes } from 'node:crypto';
import type { Answer, DecisionContext, Effect, StaffAction, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import type { Database } from '../database/database.ts';
import type { News } from '../database/news.ts';
import { type Refusal, refuse, validationFailed } from '../kernel/errors.ts';
import { pick } from '../kernel/pick.ts';
import { actionBy } from '../staff/staff.service.ts';
import { createDestinationCopy, type DestinationCopy } from './destination.copy.ts';
import { listDestinations, lockDestinations, saveDestinations } from './destination.repository.ts';
import { type DestinationState, decideDestination } from './destination.rules.ts';
import { presentDestination, presentWithSecret } from './destination.schemas.ts';
import type { Destination, DestinationCommand, DestinationKind, DestinationPatch, EnvironmentDestination } from './destination.types.ts';
import type { EventType } from './event.types.ts';
import { namesPrivateAddress } from './sinks/addresses.ts';

type WireDestination = ReturnType<typeof presentDestination>;

export interface DestinationService extends DestinationCopy {
  list(): Promise<readonly WireDestination[]>;
  get(name: string): Promise<WireDestination | Refusal<'DESTINATION_NOT_FOUND'>>;
  /** @param secret of a webhook; one is made where none is given. It is in the answer to this, and in no other. */
  create(
    staffId: string,
    wanted: {
      readonly name: string;
      readonly kind: DestinationKind;
      readonly url?: string;
      readonly secret?: string;
      readonly eventTypes: readonly EventType[];
    },
    key: WriteKey | null,
  ): Promise<Answer | Refusal>;
  update(staffId: string, name: string, patch: DestinationPatch, key: WriteKey | null): Promise<Answer | Refusal>;
  rotate(
    staffId: string,
    name: string,
    wanted: { readonly secret?: string; readonly overlapSeconds: number },
    key: WriteKey | null,
  ): Promise<Answer | Refusal>;
  /** Turns a destination off that said it is gone, unless it was changed meanwhile. */
  gone(destination: Destination): Promise<void>;
  /** Brings the destination of the settings up to date, and loads the copy; to be called before the first request. */
  start(settings: EnvironmentDestination): Promise<void>;
}

const SECRET_BYTES = 32;
const PROTOCOLS = { log: [], webhook: ['http:', 'https:'], nats: ['nats:', 'tls:'] } as const;

export function createDestinationService(deps: {
  readonly database: Database;
  readonly commit: CommitEngine;
  readonly news: News;
  readonly allowPrivate: boolean;
  /** Hears where the copy could not be brought up to date after a write; the scheduler does so soon. */
  readonly onStale: (error: unknown) => void;
}): DestinationService {
  const { database, commit, news, allowPrivate, onStale } = deps;
  const copy = createDestinationCopy(database);
  const queue = commit.queue<DestinationCommand, DestinationState>({
    name: 'destination',
    lock: async (tx) => ({ destinations: await lockDestinations(tx), changed: new Set() }),
    decide,
    save: (writes, { destinations, changed }) => saveDestinations(writes, pick(destinations, changed)),
  });

  const write = async (command: DestinationCommand, key: WriteKey | null): Promise<Answer | Refusal> => {
    const answer = await queue.submit(command, key);
    // What is committed is answered as it is, whether it can be read back or not.
    await copy.reload().catch(onStale);
    news.tell('destinations', []);
    return answer;
  };
  news.onNews('destinations', () => void copy.reload().catch(onStale));
  return {
    list: async () => (await listDestinations(database)).map(presentDestination),
    get: async (name) => {
      const found = await findDestination(database, name);
      return found === undefined ? refuse('DESTINATION_NOT_FOUND') : presentDestination(found);
    },
    create: async (staffId, { name, kind, url, secret, eventTypes }, key) => {
      checkUrl(kind, url, allowPrivate);
      if (secret !== undefined && kind !== 'webhook') throw invalid('/secret', 'is for webhooks only');
      const own = kind === 'webhook' ? (secret ?? newSecret()) : null;
      return write({ kind: 'create', staffId, name, sink: kind, url: url ?? null, secret: own, eventTypes }, key);
    },
    update: async (staffId, name, patch, key) => {
      const kind = (await findDestination(database, name))?.kind;
      if (kind === undefined) return refuse('DESTINATION_NOT_FOUND');
      if (patch.url !== undefined && kind !== 'log') checkUrl(kind, patch.url, allowPrivate);
      return write({ kind: 'update', staffId, name, patch }, key);
    },
    rotate: (staffId, name, { secret, overlapSeconds }, key) =>
      write({ kind: 'rotate', staffId, name, secret: secret ?? newSecret(), overlapSeconds }, key),
    gone: async ({ name, updatedAt }) => void (await write({ kind: 'gone', name, updatedAt }, null)),
    start: async (settings) => {
      await queue.submit({ kind: 'settings', settings }, null);
      await copy.reload();
    },
    ...copy,
  };
}

/** As the database has it: another process may just have made it, of which the copy knows nothing. */
async function findDestination(database: Database, name: string): Promise<Destination | undefined> {
  return (await listDestinations(database)).find((destination) => destination.name === name);
}

function decide(state: DestinationState, command: DestinationCommand, { now }: DecisionContext): Effect | Refusal {
  const showsSecret = command.kind === 'create' || command.kind === 'rotate';
  const before = 'name' in command ? state.destinations.get(command.name) : undefined;
  return effectOf(
    command.kind === 'create' ? 201 : 200,
    decideDestination(state, command, now),
    showsSecret ? presentWithSecret : presentDestination,
    (after) => actionOf(command, before, after),
  );
}

const OPERATIONS = { create: 'destination.create', update: 'destination.update', rotate: 'destination.rotateSecret' } as const;

/** What staff did to a destination, without its secret. */
function actionOf(command: DestinationCommand, before: Destination | undefined, after: Destination): readonly StaffAction[] {
  if (command.kind === 'gone' || command.kind === 'settings') return [];
  const change = { before: before === undefined ? null : presentDestination(before), after: presentDestination(after) };
  return actionBy(command.staffId, OPERATIONS[command.kind], { objectId: after.name, ...change });
}

function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

function invalid(path: string, message: string) {
  return validationFailed([{ path, message }]);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws 400 `VALIDATION_FAILED` */
function checkUrl(kind: DestinationKind, text: string | undefined, allowPrivate: boolean): void {
  if (kind === 'log') {
    if (text !== undefined) throw invalid('/url', 'the log has none');
    return;
  }
  const url = URL.parse(text ?? '');
  const protocols: readonly string[] = PROTOCOLS[kind];
  if (url === null || !protocols.includes(url.protocol) || url.hostname === '') {
    throw invalid('/url', `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
  }
  const isOfOneHost = isDecodable(url.username) && isDecodable(url.password) && !url.hostname.includes(',');
  if (!isOfOneHost) throw invalid('/url', 'is no URL of one host');
  if (kind === 'webhook' && (url.username !== '' || url.password !== '')) throw invalid('/url', 'must not hold a password');
  if (!allowPrivate && namesPrivateAddress(url)) {
    throw invalid('/url', 'is in a private network, which WEBHOOK_ALLOW_PRIVATE=true would allow');
  }
}
