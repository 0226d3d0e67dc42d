/** The envelope of every event: CloudEvents 1.0 in its JSON format, with the `sequence` extension for events of an order. */
import type { Claim } from './relay.repository.ts';

/** The version of the payload schemas in `event.schemas.ts`. */
const SCHEMA_VERSION = 1;

/** The URN by which receivers know the schema of an event's data; the OpenAPI document has it. */
export function dataSchemaOf(type: string): string {
  return `urn:openrun:event:${type}:v${SCHEMA_VERSION}`;
}

/** @param source who sends: the server's public address, or a name. */
export function cloudEventOf(
  claim: Pick<Claim, 'eventId' | 'type' | 'subject' | 'sequence' | 'payload' | 'createdAt'>,
  source: string,
): object {
  const { eventId, type, subject, sequence, payload, createdAt } = claim;
  return {
    specversion: '1.0',
    id: eventId,
    source,
    type,
    subject,
    time: createdAt.toISOString(),
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(type),
    ...(sequence === null ? {} : { sequence: String(sequence), sequencetype: 'Integer' }),
    data: payload,
  };
}
