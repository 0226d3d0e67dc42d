/** Tokens and key sets for the tests of authentication, made without the library under test. */
import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Readonly<Record<string, unknown>>;

const base64url = (value: Json | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A compact JWS; header and claims may be anything. */
export function hmacToken(claims: Json | string, secret: string, header: Json = { alg: 'HS256', typ: 'JWT' }): string {
  const signed = `${base64url(header)}.${base64url(claims)}`;
  const hash = header['alg'] === 'HS512' ? 'sha512' : header['alg'] === 'HS384' ? 'sha384' : 'sha256';
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

/** How Node signs by each algorithm (RFC 7518, section 3.1, and RFC 8037). */
const SCHEMES = {
  RS256: { digest: 'sha256', key: {} },
  PS256: { digest: 'sha256', key: { padding: 6, saltLength: 32 } },
  ES256: { digest: 'sha256', key: { dsaEncoding: 'ieee-p1363' } },
  EdDSA: { digest: null, key: {} },
} as const;

export type Algorithm = keyof typeof SCHEMES;

export interface Signer {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly publicKey: KeyObject;
  /** The public key as a member of a key set. */
  readonly jwk: Json;
  token(claims: Json, header?: Json): string;
}

function keyPair(alg: Algorithm): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** A key pair of an identity provider. */
export function createSigner(kid: string, alg: Algorithm = 'RS256'): Signer {
  const { publicKey, privateKey } = keyPair(alg);
  const { digest, key } = SCHEMES[alg];
  return {
    kid,
    alg,
    publicKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
    token: (claims, header = { alg, kid }) => {
      const signed = `${base64url(header)}.${base64url(claims)}`;
      return `${signed}.${signBytes(digest, Buffer.from(signed), { key: privateKey, ...key }).toString('base64url')}`;
    },
  };
}

/** An identity provider on 127.0.0.1 that answers its key set. */
export interface IdentityProvider {
  readonly url: string;
  /** When it was asked, in milliseconds. */
  readonly requests: number[];
  keys: readonly Json[];
  /** Answers this instead of the key set. */
  answer: { readonly status: number; readonly body: string } | null;
  /** Answers nothing until it resolves. */
  held: Promise<void> | null;
  close(): Promise<void>;
}

export async function startIdentityProvider(keys: readonly Json[] = []): Promise<IdentityProvider> {
  const server = createServer((_request, response) => {
    provider.requests.push(performance.now());
    const answer = provider.answer ?? { status: 200, body: JSON.stringify({ keys: provider.keys }) };
    const respond = (): void => {
      response.writeHead(answer.status, { 'content-type': 'application/json', connection: 'close' }).end(answer.body);
    };
    if (provider.held === null) respond();
    else void provider.held.then(respond);
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server on a TCP port has an AddressInfo
  const { port } = server.address() as AddressInfo;
  const provider: IdentityProvider = {
    url: `http://127.0.0.1:${port}/jwks.json`,
    requests: [],
    keys,
    answer: null,
    held: null,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return provider;
}
