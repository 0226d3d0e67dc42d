-- The built-in accounts. Columns follow the schema of better-auth, which reads and writes them by way of account/better-auth.ts;
-- a shop with its own identity provider leaves these tables empty. Their ids are uuid, while every other table keeps
-- users as text: a user is the sub of any accepted token.

CREATE TABLE account_user (
  id             uuid PRIMARY KEY,
  name           text NOT NULL,
  email          text NOT NULL UNIQUE CHECK (email = lower(email)),
  email_verified boolean NOT NULL DEFAULT false,
  image          text,
  role           text NOT NULL DEFAULT 'customer' CHECK (role IN ('customer', 'staff')),
  created_at     timestamptz(3) NOT NULL,
  updated_at     timestamptz(3) NOT NULL
);

CREATE TABLE account_session (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES account_user ON DELETE CASCADE,
  -- The cookie holds it with a signature, so that a copy of this table signs nobody in.
  token      text NOT NULL UNIQUE,
  expires_at timestamptz(3) NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL
);
CREATE INDEX account_session_by_user ON account_session (user_id);
CREATE INDEX account_session_by_expiry ON account_session (expires_at);

-- How a user signs in; provider_id is 'credential' for a password, and account_id then is the user's id.
CREATE TABLE account_credential (
  id                       uuid PRIMARY KEY,
  user_id                  uuid NOT NULL REFERENCES account_user ON DELETE CASCADE,
  account_id               text NOT NULL,
  provider_id              text NOT NULL,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope                    text,
  -- scrypt, as salt:key in hex.
  password                 text,
  created_at               timestamptz(3) NOT NULL,
  updated_at               timestamptz(3) NOT NULL,
  UNIQUE (provider_id, account_id)
);
CREATE INDEX account_credential_by_user ON account_credential (user_id);

CREATE TABLE account_verification (
  id         uuid PRIMARY KEY,
  identifier text NOT NULL,
  value      text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL
);
CREATE INDEX account_verification_by_identifier ON account_verification (identifier);
