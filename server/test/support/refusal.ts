/** Expects refusals: status, code and extra members, alike in both languages. */
import { expect } from 'vitest';
import type { Answered, Caller, CallOptions } from './caller.ts';
import { ANY_TEXT } from './matchers.ts';

/** A request, as the arguments of {@link Caller.call}. */
export type Request = readonly [method: string, path: string, body?: unknown, options?: CallOptions];

/** `201`, or the status and code of a problem: `409 OUT_OF_STOCK`. */
export function verdict({ status, body }: Answered): string {
  return status < 400 ? String(status) : `${status} ${body.code}`;
}

/** What a problem says beside its frame, such as `available`. */
export function extrasOf({ body }: Answered): object {
  const { type: _type, title: _title, status: _status, detail: _detail, instance: _instance, code: _code, ...extras } = body;
  return extras;
}

/** Expects the refusal in English and in Korean, with exactly the extra members; what is refused may be asked twice. */
export async function expectRefusal(caller: Caller, request: Request, expected: string, extras: object = {}): Promise<void> {
  const [method, path, body, options] = request;
  const english = await caller.call(method, path, body, options);
  expect(verdict(english), JSON.stringify(english.body)).toBe(expected);
  expect(extrasOf(english)).toEqual(extras);
  const korean = await caller.call(method, path, body, { ...options, language: 'ko' });
  expect(verdict(korean)).toBe(expected);
  expect(extrasOf(korean)).toEqual(extras);
}

/** Expects 400 `VALIDATION_FAILED` for exactly the field. */
export async function expectInvalid(caller: Caller, request: Request, path: string): Promise<void> {
  await expectRefusal(caller, request, '400 VALIDATION_FAILED', { errors: [{ path, message: ANY_TEXT }] });
}
