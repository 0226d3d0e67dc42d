/** What a field is like, where its value does not matter. */
import { expect } from 'vitest';
import { ID_PATTERN } from '../../src/kernel/ids.ts';

export const ANY_NUMBER: unknown = expect.any(Number);
export const ANY_ID: unknown = expect.stringMatching(ID_PATTERN);
/** RFC 3339 in UTC with milliseconds. */
export const ANY_TIME: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
export const ANY_TEXT: unknown = expect.stringMatching(/./);
export const ANY_CODE: unknown = expect.stringMatching(/^[A-Z]+(_[A-Z]+)*$/);

/** A text in which the pattern is found. */
export const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** A list that has these items, among others. */
export const listWith = (items: readonly unknown[]): unknown => expect.arrayContaining([...items]);

/** An object that has these fields, among others. */
export const objectWith = (fields: object): unknown => expect.objectContaining(fields);
