/**
 * Which addresses staff may send events to. A destination is a way to make the server ask something of a host (OWASP API7:2023), so hosts of private networks
 * are out of reach unless the operator allows them. A name is judged by what it resolves to, at the moment of the connection.
 */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { lookup as lookupAll } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

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

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** A connection was refused because of where it would have gone. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/** Resolves names as the system does, but only to public addresses. */
export const lookupPublic: LookupFunction = (hostname, options: LookupOptions, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '', 0);
    const allowed = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = allowed;
    if (first === undefined) return callback(new PrivateAddressError(`${hostname} is in a private network`), '', 0);
    return options.all === true ? callback(null, allowed) : callback(null, first.address, first.family);
  });
};

/** The public addresses of the host of a URL. @throws PrivateAddressError where it has none. */
export async function publicAddressesOf(hostname: string): Promise<string[]> {
  const found = (await lookupAll(withoutBrackets(hostname), { all: true })).map(({ address }) => address).filter(isPublicAddress);
  if (found.length === 0) throw new PrivateAddressError(`${hostname} is in a private network`);
  return found;
}
