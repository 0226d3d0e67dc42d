/** Finished HTTP/1.1 requests, written once and filled in with as little work as possible. */
import { randomUUID } from 'node:crypto';
import type { TokenMinter } from '../../server/src/http/auth.ts';

export const TOKEN_TTL_SECONDS = 86_400;

export interface User {
  readonly id: string;
  readonly token: string;
}

/** The customers of a benchmark. */
export function mintUsers(mintToken: TokenMinter, count: number): Promise<User[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const id = `customer-${String(index).padStart(7, '0')}`;
      return { id, token: await mintToken({ sub: id, ttlSeconds: TOKEN_TTL_SECONDS }) };
    }),
  );
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
