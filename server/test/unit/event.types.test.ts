/** The types of the receiver kit are the schemas of the events, field by field; the compiler says so, and `npm run types` asks it. */
import type { OpenrunEvent } from '@openrun/client/receiver';
import type { Static } from 'typebox';
import { expect, expectTypeOf, test } from 'vitest';
import { EVENT_DATA } from '../../src/delivery/event.schemas.ts';
import { EVENT_TYPES, type EventType } from '../../src/delivery/event.types.ts';

/** The same type, read-only through and through, and with its intersections made into one. */
type Plain<T> = T extends readonly (infer Item)[]
  ? readonly Plain<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Plain<T[Key]> }
    : T;

type OfSchemas = { readonly [Type in EventType]: Plain<Static<(typeof EVENT_DATA)[Type]>> };
type OfKit = { readonly [Event in OpenrunEvent as Event['type']]: Plain<Event['data']> };

test('the data of every type of event is the same in the kit', () => {
  expectTypeOf<OfKit>().toEqualTypeOf<OfSchemas>();
  expect(Object.keys(EVENT_DATA)).toEqual(EVENT_TYPES);
});
