/**
 * Which addresses staff may send events to. A destination is a way to make the server ask something of a host (OWASP API7:2023), so hosts of private networks
 * are out of reach unless the operator allows them. A name is judged by what it resolves to, at the moment of the connection.
 */
import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import ipaddr from 'ipaddr.js';
import type { Resolver } from './resolver.ts';

/** What IANA gives out of IPv6; the rest is reserved, or holds an address of IPv4. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether the address is one of the public internet: not loopback, private, link-local, multicast, reserved, or a tunnel to such. */
function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST)) return false;
  return parsed.range() === 'unicast';
}

/** Whether the URL names its host by an address, and that is not a public one. */
export function namesPrivateAddress(url: URL): boolean {
  const host = withoutBrackets(url.hostname);
  return isIP(host) !== 0 && !isPublicAddress(host);
}

/** The host of a URL, with an address of IPv6 as it is anywhere else. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** A connection was refused because of where it would have gone. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/** What a connection may be opened to. */
export interface Reach {
  readonly resolver: Resolver;
  /** Whether that may be in a private network. */
  readonly mayBePrivate: boolean;
}

/** The addresses of a host that may be reached. @throws PrivateAddressError where it has others only. */
export async function addressesOf(hostname: string, { resolver, mayBePrivate }: Reach): Promise<{ address: string; family: number }[]> {
  const found = await resolver.resolve(withoutBrackets(hostname));
  const allowed = found.filter(({ address }) => mayBePrivate || isPublicAddress(address));
  if (allowed.length === 0) throw new PrivateAddressError(`${hostname} is in a private network`);
  return allowed;
}

/** {@link addressesOf} in the form that sockets ask for. */
export function lookupWithin(reach: Reach): LookupFunction {
  const find = callbackify((hostname: string) => addressesOf(hostname, reach));
  return (hostname, options, callback) => {
    find(hostname, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const [first] = addresses;
      return options.all === true || first === undefined ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}
