/**
 * What a URL of PostgreSQL says of TLS: `sslmode` and its companions, with the meaning that they have for PostgreSQL's own programs. To the driver
 * every mode but `disable` means `verify-full`, and what it does not know it passes over in silence.
 */

const MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof MODES)[number];

const OWN = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword'] as const;
/** The driver's own, which is passed on to it. */
const PASSED_ON = new Set(['sslnegotiation']);
/** That of `sslrootcert` which stands for the certificates of the operating system. */
const SYSTEM = 'system';

/** What is checked of the server: nothing, that an authority vouches for its certificate, or that it is that of the host as well. */
export type Verification = 'none' | 'authority' | 'host';

/** How a connection is encrypted; the rest are names of files, null where there is none. */
export interface Tls {
  readonly verification: Verification;
  /** `program`: the authorities that come with the program; `system`: those of the operating system. */
  readonly authorities: 'program' | 'system' | { readonly file: string };
  readonly certificate: { readonly certFile: string; readonly keyFile: string; readonly passphrase: string | null } | null;
}

/** A URL whose TLS settings cannot be used; the message says which, and not what they are. */
export class TlsSettingsError extends Error {
  override readonly name = 'TlsSettingsError';
}

/** What a URL of a single host says of TLS; null where it says nothing, `disable` where there is to be none. @throws TlsSettingsError */
export function tlsOf(url: string): Tls | 'disable' | null {
  const given = new URL(url).searchParams;
  const names = [...given.keys()].filter((name) => /^ssl|^uselibpqcompat$/i.test(name) && !PASSED_ON.has(name));
  const unknown = names.find((name) => !OWN.some((own) => own === name));
  if (unknown !== undefined) throw new TlsSettingsError(`${unknown} is not supported; TLS is set by ${OWN.join(', ')}`);
  if (names.length === 0) return null;
  const [root, certFile, keyFile] = [given.get('sslrootcert'), given.get('sslcert'), given.get('sslkey')];
  const mode = modeOf(given.get('sslmode'));
  if (mode === 'disable') return mode;
  if (root === SYSTEM && mode !== 'verify-full') throw new TlsSettingsError(`sslrootcert=${SYSTEM} needs sslmode=verify-full`);
  if ((certFile === null) !== (keyFile === null)) throw new TlsSettingsError('sslcert and sslkey are needed together');
  return {
    verification: verificationOf(mode, root !== null),
    authorities: root === null ? 'program' : root === SYSTEM ? SYSTEM : { file: root },
    certificate: certFile === null || keyFile === null ? null : { certFile, keyFile, passphrase: given.get('sslpassword') },
  };
}

/** The same URL, which says nothing of TLS that the driver would take for something else. */
export function withoutTls(url: string): string {
  const parsed = new URL(url);
  for (const name of OWN) parsed.searchParams.delete(name);
  return parsed.toString();
}

/** Whoever names certificates wants them looked at. */
function modeOf(text: string | null): Mode {
  const mode = text === null ? 'verify-full' : MODES.find((known) => known === text);
  if (mode === undefined) throw new TlsSettingsError(`sslmode is none of ${MODES.join(', ')}; there is no mode that falls back to plain`);
  return mode;
}

function verificationOf(mode: Exclude<Mode, 'disable'>, hasAuthority: boolean): Verification {
  if (mode === 'verify-full') return 'host';
  return mode === 'verify-ca' || hasAuthority ? 'authority' : 'none';
}
