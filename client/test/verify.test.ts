import { describe, expect, test } from 'vitest';
import { type OpenrunEvent, type RequestHeaders, type Secrets, VerificationError, verify } from '../src/receiver/receiver.ts';
import { OTHER_SECRET, PAID, SAMPLES, SECRET, signedBy } from './support/samples.ts';

const BODY = JSON.stringify(PAID);

/** The event, or why there is none. */
function verdict(body: string | Uint8Array, headers: RequestHeaders, secrets: Secrets = SECRET): OpenrunEvent | string {
  try {
    return verify(body, headers, secrets);
  } catch (error) {
    if (error instanceof VerificationError) return error.reason;
    throw error;
  }
}

/** What becomes of a body that is signed as it should be. */
const signedVerdict = (body: string, id = PAID.id) => verdict(body, signedBy([SECRET], id, body));

test.each(SAMPLES.map((sample, index) => ({ index, sample })))(
  'sample $index, $sample.type, is given back as it was sent',
  ({ sample }) => {
    expect(signedVerdict(JSON.stringify(sample), sample.id)).toEqual(sample);
  },
);

test('takes the body as text or bytes, and headers as fetch or node has them, whatever their case', () => {
  const headers = signedBy([SECRET], PAID.id, BODY);
  const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  for (const body of [BODY, Buffer.from(BODY), new TextEncoder().encode(BODY)]) {
    for (const form of [headers, new Headers(headers), shouted, { ...headers, 'webhook-id': [PAID.id] }]) {
      expect(verdict(body, form)).toEqual(PAID);
    }
  }
});

describe('signatures', () => {
  test('of a body, an id, a time or a secret that is another are refused', () => {
    const headers = signedBy([SECRET], PAID.id, BODY);
    expect(verdict(`${BODY} `, headers)).toBe('bad-signature');
    expect(verdict(BODY, { ...headers, 'webhook-id': '01900000-0000-7000-8000-000000000099' })).toBe('bad-signature');
    expect(verdict(BODY, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) })).toBe('bad-signature');
    expect(verdict(BODY, headers, OTHER_SECRET)).toBe('bad-signature');
  });

  test.each(['v1,', 'v1', 'v1a,x', ',', ' ', 'v1,AAAA', `v2,${'A'.repeat(44)}`])('of the form "%s" are refused', (signature) => {
    expect(verdict(BODY, { ...signedBy([SECRET], PAID.id, BODY), 'webhook-signature': signature })).toBe('bad-signature');
  });

  test('by either secret are taken while secrets change, on either side', () => {
    expect(verdict(BODY, signedBy([OTHER_SECRET, SECRET], PAID.id, BODY), SECRET)).toEqual(PAID);
    expect(verdict(BODY, signedBy([SECRET], PAID.id, BODY), [OTHER_SECRET, SECRET])).toEqual(PAID);
    expect(verdict(BODY, signedBy([OTHER_SECRET], PAID.id, BODY), [OTHER_SECRET, SECRET])).toEqual(PAID);
  });
});

describe('the time', () => {
  test('may be five minutes off, and no more', () => {
    expect(verdict(BODY, signedBy([SECRET], PAID.id, BODY, 295))).toEqual(PAID);
    expect(verdict(BODY, signedBy([SECRET], PAID.id, BODY, -295))).toEqual(PAID);
    expect(verdict(BODY, signedBy([SECRET], PAID.id, BODY, 305))).toBe('too-old');
    expect(verdict(BODY, signedBy([SECRET], PAID.id, BODY, -305))).toBe('too-new');
  });

  test('may be less off where that was asked for', () => {
    const headers = signedBy([SECRET], PAID.id, BODY, 60);
    expect(verify(BODY, headers, SECRET, { toleranceSeconds: 70 })).toEqual(PAID);
    expect(() => verify(BODY, headers, SECRET, { toleranceSeconds: 50 })).toThrow('too-old');
  });
});

test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s, or with two of it, nothing is taken', (name) => {
  const { [name]: value = '', ...others } = signedBy([SECRET], PAID.id, BODY);
  for (const form of [others, { ...others, [name]: '' }, { ...others, [name]: [] }, { ...others, [name]: [value, value] }]) {
    expect(verdict(BODY, form)).toBe('missing-header');
  }
});

test.each(['soon', '1e9', '-1', '1700000000.5', '9'.repeat(13)])('a time of "%s" is none', (time) => {
  expect(verdict(BODY, { ...signedBy([SECRET], PAID.id, BODY), 'webhook-timestamp': time })).toBe('missing-header');
});

describe('what is signed, but', () => {
  test.each([
    '',
    'null',
    '[]',
    '{',
    '"order.paid"',
    '{}',
    JSON.stringify({ ...PAID, specversion: '0.3' }),
    JSON.stringify({ ...PAID, id: 7 }),
  ])('is no CloudEvent is refused: %s', (body) => {
    expect(signedVerdict(body)).toBe('not-an-event');
  });

  test('has another id inside is refused', () => {
    expect(signedVerdict(BODY, 'another')).toBe('not-an-event');
  });

  test.each([
    { ...PAID, type: 'order.shipped', dataschema: 'urn:openrun:event:order.shipped:v1' },
    { ...PAID, type: 'toString' },
    { ...PAID, dataschema: 'urn:openrun:event:order.paid:v2' },
    { ...PAID, sequence: undefined },
    { ...PAID, sequence: 'x' },
    { ...PAID, subject: undefined },
    { ...PAID, data: 'text' },
  ])('is not of these types is refused, %#', (event) => {
    expect(signedVerdict(JSON.stringify(event))).toBe('unknown-type');
  });
});

test('secrets and tolerances that no receiver could use are errors, which do not show the secret', () => {
  const headers = signedBy([SECRET], PAID.id, BODY);
  for (const secrets of ['', 'hush', 'whsec_', 'whsec_short', [], [SECRET, 'hush'], Array.from({ length: 11 }, () => SECRET)]) {
    expect(() => verify(BODY, headers, secrets)).toThrow(/^a (secret is|receiver needs) (?!.*hush)/);
  }
  for (const toleranceSeconds of [0, 301, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => verify(BODY, headers, SECRET, { toleranceSeconds })).toThrow('the tolerance');
  }
});
