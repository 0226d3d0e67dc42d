/** Certificates of a test's own, made by the openssl of the machine. */
import { spawnSync } from 'node:child_process';
import { isIP } from 'node:net';
import { join } from 'node:path';

/** Files in PEM. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '2'];

/** An authority, which signs itself. */
export function makeAuthority(directory: string, name: string): Certificate {
  return make(directory, name, ['-subj', `/CN=${name}`, '-addext', 'keyUsage=critical,keyCertSign']);
}

/** What an authority says of somebody; of a host, its name or address as well. */
export function makeCertificate(directory: string, name: string, authority: Certificate, host?: string): Certificate {
  const of = host === undefined ? [] : ['-addext', `subjectAltName=${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}`];
  const by = ['-CA', authority.certFile, '-CAkey', authority.keyFile];
  return make(directory, name, ['-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:FALSE', ...by, ...of]);
}

function make(directory: string, name: string, options: readonly string[]): Certificate {
  const [certFile, keyFile] = [join(directory, `${name}.crt`), join(directory, `${name}.key`)];
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', ...KEY, '-keyout', keyFile, '-out', certFile, ...options], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`);
  return { certFile, keyFile };
}
