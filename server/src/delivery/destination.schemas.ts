/** Wire types of destinations. */
import { Type } from 'typebox';
import { nullable, strictObject, text, time } from '../http/schemas.ts';
import { WEBHOOK_SECRET_PATTERN } from '../kernel/webhook-secret.ts';
import { DESTINATION_KINDS, type Destination } from './destination.types.ts';
import { EVENT_TYPES } from './event.types.ts';

export const eventTypeSchema = Type.Union(EVENT_TYPES.map((type) => Type.Literal(type)));
const eventTypes = Type.Array(eventTypeSchema, { minItems: 1, maxItems: EVENT_TYPES.length, uniqueItems: true });
const kind = Type.Union(DESTINATION_KINDS.map((one) => Type.Literal(one)));
const url = text(1, 2000, 'Of a webhook `https://` or `http://`, of NATS `nats://` or `tls://`');
const secret = Type.String({
  pattern: WEBHOOK_SECRET_PATTERN,
  description: '`whsec_` and 24–64 bytes in base64 (Standard Webhooks)',
});

export const destinationName = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' });

const common = {
  name: destinationName,
  kind,
  origin: Type.Union([Type.Literal('environment'), Type.Literal('staff')], {
    description: 'Who made it: the settings of the server, or staff',
  }),
  url: nullable(Type.String({ description: 'Without its password' })),
  eventTypes,
  enabled: Type.Boolean(),
  disabledReason: nullable(
    Type.Union([Type.Literal('staff'), Type.Literal('gone'), Type.Literal('settings')], {
      description: '`gone`: it answered 410. `settings`: the settings name another one',
    }),
  ),
  previousSecretUntil: nullable(time('While a rotation lasts, deliveries are signed with both secrets')),
  createdAt: time(),
  updatedAt: time(),
};

export const destinationSchema = strictObject(common, { title: 'Destination' });
export const destinationListSchema = strictObject({ items: Type.Array(destinationSchema) });
export const destinationWithSecretSchema = strictObject(
  { ...common, secret: nullable(Type.String({ description: 'Shown here and never again' })) },
  { title: 'NewDestination' },
);
export const destinationParams = strictObject({ name: destinationName });

export const newDestinationSchema = strictObject({
  name: destinationName,
  kind,
  url: Type.Optional(url),
  secret: Type.Optional(secret),
  eventTypes,
});
export const destinationPatchSchema = Type.Object(
  { url: Type.Optional(url), eventTypes: Type.Optional(eventTypes), enabled: Type.Optional(Type.Boolean()) },
  { additionalProperties: false, minProperties: 1 },
);
const OVERLAP_SECONDS_MAX = 7 * 86_400;
export const rotationSchema = strictObject({
  secret: Type.Optional(secret),
  overlapSeconds: Type.Optional(
    Type.Integer({ minimum: 0, maximum: OVERLAP_SECONDS_MAX, default: 86_400, description: 'How long the secret before stays valid' }),
  ),
});

export function presentDestination(destination: Destination) {
  const { name, origin, eventTypes: types, enabled, disabledReason, previousSecretUntil, createdAt, updatedAt } = destination;
  return {
    name,
    kind: destination.kind,
    origin,
    url: destination.url === null ? null : withoutPassword(destination.url),
    eventTypes: types,
    enabled,
    disabledReason,
    previousSecretUntil,
    createdAt,
    updatedAt,
  };
}

export function presentWithSecret(destination: Destination) {
  return { ...presentDestination(destination), secret: destination.secret };
}

function withoutPassword(address: string): string {
  const parsed = new URL(address);
  if (parsed.password !== '') parsed.password = '***';
  else if (parsed.username !== '') parsed.username = '***';
  return parsed.toString();
}
