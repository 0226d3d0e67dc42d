/** TLS to PostgreSQL, as the driver is told of it. Whatever connects to a URL takes its configuration from here. */
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, getCACertificates } from 'node:tls';
import type pg from 'pg';
import { type Tls, tlsOf, withoutTls } from '../kernel/database-tls.ts';

/** The driver's configuration for the single host of a URL. Certificates are read now, and not again. @throws TlsSettingsError, or where a file cannot be read. */
export function driverConfig(url: string): Pick<pg.ClientConfig, 'connectionString' | 'ssl'> {
  const tls = tlsOf(url);
  if (tls === null) return { connectionString: url };
  return { connectionString: withoutTls(url), ssl: tls === 'disable' ? false : optionsOf(tls) };
}

function optionsOf({ verification, authorities, certificate }: Tls): ConnectionOptions {
  return {
    rejectUnauthorized: verification !== 'none',
    ...authoritiesOf(authorities),
    // Without this, the name of the host that the driver connects to is compared with the certificate.
    ...(verification === 'host' ? {} : { checkServerIdentity: () => undefined }),
    ...certificateOf(certificate),
  };
}

function authoritiesOf(authorities: Tls['authorities']): Pick<ConnectionOptions, 'ca'> {
  if (authorities === 'program') return {};
  return { ca: authorities === 'system' ? getCACertificates('system') : readFileSync(authorities.file) };
}

function certificateOf(certificate: Tls['certificate']): Pick<ConnectionOptions, 'cert' | 'key' | 'passphrase'> {
  if (certificate === null) return {};
  const { certFile, keyFile, passphrase } = certificate;
  return { cert: readFileSync(certFile), key: readFileSync(keyFile), ...(passphrase === null ? {} : { passphrase }) };
}
