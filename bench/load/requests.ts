/** Finished HTTP/1.1 requests, written once and filled in with as little work as possible. */
import { createHmac, randomUUID } from 'node:crypto';

const TOKEN_TTL_SECONDS = 86_400;

function base64urlJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A JSON Web Token (RFC 7519) signed with HS256. */
export function mintToken(secret: string, sub: string, role?: 'staff'): string {
  const exp = Math.floor(Date.now() / 1000) + TOKEN_TTL_SECONDS;
  const unsigned = `${base64urlJson({ alg: 'HS256', typ: 'JWT' })}.${base64urlJson({ sub, exp, ...(role === undefined ? {} : { role }) })}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}

export interface User {
  readonly id: string;
  readonly token: string;
}

/** The customers of a benchmark. */
export function mintUsers(secret: string, count: number): User[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `customer-${String(index).padStart(7, '0')}`;
    return { id, token: mintToken(secret, id) };
  });
}

/** A GET of a path, by nobody in particular. */
export function getRequest(path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
}

/** A GET of a path by a user. */
export function getRequestOf(user: User, path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${user.token}\r\n\r\n`;
}

/** A POST by a user, with a fresh idempotency key or without any; `body` is JSON text, or empty. */
export function postRequest(user: User, path: string, body: string, withKey = true): string {
  const key = withKey ? `idempotency-key: ${randomUUID()}\r\n` : '';
  const content = body === '' ? 'content-length: 0\r\n' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${user.token}\r\n${key}${content}\r\n${body}`;
}
