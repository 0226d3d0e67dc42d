/** The wire types of the built-in accounts. */
import { type Static, Type } from 'typebox';
import { id, nullable, strictObject, text, time } from '../http/schemas.ts';

const EMAIL_MAX_CHARACTERS = 254;
/**
 * Email addresses of the common form: a dot-atom (RFC 5322) at a domain name with a top level. It is no wider than
 * what better-auth takes, so that an address that is none is refused as a field of the body.
 */
export const EMAIL_PATTERN = "^[A-Za-z0-9_'+-]+(\\.[A-Za-z0-9_'+-]+)*(?<!')@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z]{2,}$";
export const PASSWORD_MIN_CHARACTERS = 8;
export const PASSWORD_MAX_CHARACTERS = 128;

const email = Type.String({
  minLength: 3,
  maxLength: EMAIL_MAX_CHARACTERS,
  pattern: EMAIL_PATTERN,
  description: 'Told apart without regard to case',
  examples: ['minji@example.com'],
});

export const SignUpBody = strictObject(
  {
    name: text(1, 100, 'How the shop addresses the user'),
    email,
    password: text(PASSWORD_MIN_CHARACTERS, PASSWORD_MAX_CHARACTERS),
  },
  { title: 'SignUp' },
);
export type SignUpBody = Static<typeof SignUpBody>;

export const SignInBody = strictObject({ email, password: text(1, PASSWORD_MAX_CHARACTERS) }, { title: 'SignIn' });
export type SignInBody = Static<typeof SignInBody>;

export const AccountUser = strictObject(
  {
    id: id('The `sub` of the tokens that this account gets'),
    name: Type.String(),
    email: Type.String(),
    role: Type.Union([Type.Literal('customer'), Type.Literal('staff')]),
  },
  { title: 'AccountUser' },
);
export type AccountUser = Static<typeof AccountUser>;

export const SignedIn = strictObject({ user: AccountUser });
export const CurrentSession = strictObject({ user: nullable(AccountUser) });
export const IssuedToken = strictObject({ token: Type.String({ description: 'Send it as `Authorization: Bearer …`' }), expiresAt: time() });
