/** What a request may say of who sends it: the truth, and lies of every kind. */
import { randomBytes } from 'node:crypto';
import { hmacToken } from '../../server/test/support/auth-tokens.ts';

export interface Credential {
  readonly kind: string;
  /** Lines of the header. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** What it may at most: nothing, what customers may, or what staff may. */
  readonly may: 'nothing' | 'customer' | 'staff';
}

type Claims = Readonly<Record<string, unknown>>;

const HOUR_SECONDS = 3600;

/** One credential of every kind, where tokens are signed with `secret`. */
export function credentialsOf(secret: string): readonly Credential[] {
  const now = Math.floor(Date.now() / 1000);
  const exp = now + 24 * HOUR_SECONDS;
  const staff: Claims = { sub: 'intruder', role: 'staff', iat: now, exp };
  const signed = (claims: Claims, header?: Claims): string => hmacToken(claims, secret, header);
  const bearer = (kind: string, token: string, may: Credential['may'] = 'nothing'): Credential => ({
    kind,
    headers: [['Authorization', `Bearer ${token}`]],
    may,
  });
  const valid = hmacToken(staff, secret);
  const [head = '', claims = '', signature = ''] = valid.split('.');
  return [
    bearer('a customer', signed({ sub: 'customer-of-attacks', iat: now, exp }), 'customer'),
    bearer('another customer', signed({ sub: 'another-of-attacks', iat: now, exp }), 'customer'),
    bearer('staff', valid, 'staff'),
    { kind: 'nobody', headers: [], may: 'nothing' },
    bearer('expired', signed({ ...staff, exp: now - HOUR_SECONDS })),
    bearer('not yet valid', signed({ ...staff, nbf: now + HOUR_SECONDS })),
    bearer('another secret', hmacToken(staff, randomBytes(32).toString('hex'))),
    bearer('no signature', hmacToken(staff, secret, { alg: 'none' })),
    bearer('signature cut off', `${head}.${claims}.`),
    bearer('signature of others', `${head}.${Buffer.from(JSON.stringify({ ...staff, sub: 'x' })).toString('base64url')}.${signature}`),
    bearer('a key by its address', hmacToken(staff, 'x'.repeat(32), { alg: 'HS256', jku: 'http://127.0.0.1:1/', kid: '../../etc/passwd' })),
    bearer('no subject', signed({ role: 'staff', exp })),
    bearer('a subject that is no text', signed({ ...staff, sub: { a: 1 } })),
    bearer('a subject with a zero', signed({ ...staff, sub: 'a\0b' })),
    bearer('a long subject', signed({ ...staff, sub: 'x'.repeat(3000) })),
    bearer('claims that are no object', hmacToken('[1]', secret)),
    bearer('claims that are no JSON', hmacToken('{', secret)),
    bearer('no token', 'x'.repeat(300)),
    bearer('an empty token', ''),
    bearer('a long token', 'x'.repeat(9000)),
    { kind: 'basic', headers: [['Authorization', `Basic ${Buffer.from('admin:admin').toString('base64')}`]], may: 'nothing' },
    {
      kind: 'two tokens',
      headers: [
        ['Authorization', 'Bearer x'],
        ['Authorization', `Bearer ${valid}`],
      ],
      may: 'nothing',
    },
    { kind: 'a made-up cookie', headers: [['Cookie', `openrun.session_token=${'x'.repeat(32)}.${'y'.repeat(44)}`]], may: 'nothing' },
    { kind: 'a cookie of bytes', headers: [['Cookie', 'openrun.session_token=%00%ff%ZZ; ;=;\u00ff']], may: 'nothing' },
  ];
}
