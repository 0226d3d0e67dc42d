/** URLs of PostgreSQL, which may name several hosts: `postgresql://user@one:5432,two:5432/shop`. */

import { TlsSettingsError, tlsOf } from './database-tls.ts';

/** Scheme and credentials, then the hosts, then the rest. */
const PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s;
const HOSTS_MAX = 8;

/** The URLs of the single hosts, in their order; one where the URL names one, none where it is not usable. */
export function urlsOf(url: string): readonly string[] {
  const [, before = '', hosts = '', after = ''] = PARTS.exec(url) ?? [];
  const urls = hosts.split(',').map((host) => `${before}${host}${after}`);
  const isUsable =
    urls.length <= HOSTS_MAX && urls.every((each) => URL.canParse(each)) && (urls.length === 1 || !hosts.split(',').includes(''));
  return before !== '' && isUsable ? urls : [];
}

/** `url`, which may name several hosts, as `change` makes it of a URL that names one. */
export function changedUrl(url: string, change: (url: string) => string): string {
  const [first = url] = urlsOf(url);
  const hostsOf = (text: string): string => PARTS.exec(text)?.[2] ?? '';
  const [before, after] = [hostsOf(first), hostsOf(url)];
  const changed = change(first);
  return before === after ? changed : changed.replace(PARTS, (_all, start: string, _host, end: string) => `${start}${after}${end}`);
}

/** What is wrong with a URL, without a word of what it holds; null where nothing is, or where there is none. */
export function whyUnusable(url: string | undefined): string | null {
  if (url === undefined) return null;
  const [first] = urlsOf(url);
  if (first === undefined) return 'it is no postgres:// URL';
  try {
    tlsOf(first);
    return null;
  } catch (error) {
    if (error instanceof TlsSettingsError) return error.message;
    throw error;
  }
}
