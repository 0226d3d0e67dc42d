/** The messages that processes on one database send each other: which of what has changed, and what features say to themselves over there. */
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';

/** What news are about: the stock of options, products, coupons, the ranking, destinations. */
export const TOPICS = ['stock', 'products', 'coupons', 'ranking', 'destinations'] as const;
export type Topic = (typeof TOPICS)[number];

/** Ids of what has changed; null: any of them may have. */
const idsSchema = Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()]));
/** Of a process, whose name is a UUID. */
const NAME_LENGTH_MAX = 36;
const messageSchema = Type.Object({
  /** Which process tells it. */
  from: Type.String({ maxLength: NAME_LENGTH_MAX }),
  news: Type.Object({ stock: idsSchema, products: idsSchema, coupons: idsSchema, ranking: idsSchema, destinations: idsSchema }),
  /** What a feature says, which alone knows the form of it. */
  said: Type.Optional(Type.Object({ subject: Type.String(), what: Type.Unknown() })),
});
type Message = Static<typeof messageSchema>;
export type Told = Message['news'];

export const EVERYTHING: Told = Object.fromEntries(TOPICS.map((topic) => [topic, null]));

/** PostgreSQL takes less than 8,000 bytes in a message. */
const MESSAGE_BYTES_MAX = 7900;

/** The message as it is sent; where it would be too long, it says that everything has changed. */
export function textOf(message: Message): string {
  const text = JSON.stringify(message);
  return Buffer.byteLength(text) <= MESSAGE_BYTES_MAX ? text : JSON.stringify({ ...message, news: EVERYTHING });
}

/** A feature's words as they are sent; null where they are too long. */
export function textOfSaid(from: string, subject: string, what: unknown): string | null {
  const text = JSON.stringify({ from, news: {}, said: { subject, what } } satisfies Message);
  return Buffer.byteLength(text) <= MESSAGE_BYTES_MAX ? text : null;
}

/** null: not one of ours, whoever it is that speaks on the channel. */
export function messageOf(text: string): Message | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return Check(messageSchema, parsed) ? parsed : null;
  } catch {
    return null;
  }
}
