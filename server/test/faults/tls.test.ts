/** TLS to a PostgreSQL of the test's own, which takes nothing else for the shop's database, through the command line and a server. */
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { isRoot, unprivilegedAccount } from '../../src/database/embedded-account.ts';
import { installBinaries } from '../../src/database/embedded-binaries.ts';
import { migrate } from '../../src/database/migrate.ts';
import { explain } from '../../src/explain.ts';
import { type Certificate, makeAuthority, makeCertificate } from '../support/certificates.ts';
import { type Ended, runOpenrun } from '../support/command-line.ts';
import { serveOn } from '../support/fault-server.ts';
import { tag } from '../support/goods.ts';
import { createNode, type Node } from '../support/postgres-node.ts';
import { TEST_SECRET } from '../support/shop.ts';
import { freePort } from '../support/socket.ts';

const PATIENCE = { timeout: 20_000 };
/** `certified` signs in by its certificate. */
const ACCESS = `
host postgres openrun 127.0.0.1/32 trust
hostssl shop certified 127.0.0.1/32 cert
hostssl shop openrun 127.0.0.1/32 trust
`;

let parent: string;
let node: Node;
let unused: number;
let files: Readonly<Record<'right' | 'wrong', string>> & { readonly certified: Certificate; readonly stranger: Certificate };

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'openrun-test-'));
  await chmod(parent, 0o755);
  const [right, wrong] = [makeAuthority(parent, 'right'), makeAuthority(parent, 'wrong')];
  const server = makeCertificate(parent, 'server', right, 'localhost');
  if (isRoot()) {
    const { uid, gid } = await unprivilegedAccount();
    await chown(server.keyFile, uid, gid);
  }
  files = {
    right: right.certFile,
    wrong: wrong.certFile,
    certified: makeCertificate(parent, 'certified', right),
    stranger: makeCertificate(parent, 'stranger', right),
  };
  const settings = ['ssl=on', `ssl_cert_file=${server.certFile}`, `ssl_key_file=${server.keyFile}`, `ssl_ca_file=${right.certFile}`];
  node = await createNode(parent, 'one', await installBinaries(parent), { settings: [...settings, 'fsync=off'], access: ACCESS });
  await node.startPrimary();
  await node.query('CREATE ROLE certified LOGIN SUPERUSER');
  await node.query('CREATE DATABASE shop');
  unused = await freePort();
});

afterAll(async () => {
  await node.kill();
  await rm(parent, { recursive: true, force: true, maxRetries: 5 });
});

interface Way {
  readonly host?: string;
  readonly user?: string;
  readonly database?: string;
}

function urlOf(parameters: string, { host = 'localhost', user = 'openrun', database = 'shop' }: Way = {}): string {
  return `postgresql://${user}@${host}:${node.port}/${database}?${parameters}`;
}

const openrun = (command: string, url: string): Promise<Ended> =>
  runOpenrun([command], { DATABASE_URL: url, AUTH_JWT_SECRET: TEST_SECRET });

/** What `openrun migrate` does and says, without a process of its own; null where it is done. */
async function refusalOf(url: string): Promise<string | null> {
  try {
    loadConfig({ DATABASE_URL: url, AUTH_JWT_SECRET: TEST_SECRET });
    await migrate({ url }, () => undefined);
    return null;
  } catch (error) {
    return explain(error);
  }
}

describe('who asks for what', () => {
  test.each<[name: string, url: () => string]>([
    ['verify-full: the right authority and host', () => urlOf(`sslmode=verify-full&sslrootcert=${files.right}`)],
    ['the same without a mode', () => urlOf(`sslrootcert=${files.right}`)],
    [
      'verify-ca: the right authority, whatever the host',
      () => urlOf(`sslmode=verify-ca&sslrootcert=${files.right}`, { host: '127.0.0.1' }),
    ],
    ['require: whoever it is', () => urlOf('sslmode=require', { host: '127.0.0.1' })],
    [
      'one of several hosts, the first of which is nobody’s',
      () => urlOf(`sslmode=verify-ca&sslrootcert=${files.right}`, { host: `127.0.0.1:${unused},127.0.0.1` }),
    ],
    [
      'a certificate of our own, by which we sign in',
      () =>
        urlOf(`sslmode=verify-full&sslrootcert=${files.right}&sslcert=${files.certified.certFile}&sslkey=${files.certified.keyFile}`, {
          user: 'certified',
        }),
    ],
  ])('is let in with %s', async (_name, url) => {
    expect(await refusalOf(url())).toBeNull();
  });

  test.each<[name: string, says: RegExp, url: () => string]>([
    [
      'a wrong authority',
      /self.signed certificate in certificate chain|unable to .*certificate/i,
      () => urlOf(`sslmode=verify-full&sslrootcert=${files.wrong}`),
    ],
    ['a wrong authority under verify-ca', /certificate/, () => urlOf(`sslmode=verify-ca&sslrootcert=${files.wrong}`)],
    ['a wrong authority under require', /certificate/, () => urlOf(`sslmode=require&sslrootcert=${files.wrong}`)],
    ['no authority that knows it', /certificate/, () => urlOf('sslmode=verify-full')],
    [
      'a wrong host',
      /127\.0\.0\.1.*does not match|IP: 127\.0\.0\.1 is not in the cert/i,
      () => urlOf(`sslmode=verify-full&sslrootcert=${files.right}`, { host: '127.0.0.1' }),
    ],
    [
      'wrong hosts, of several',
      /none of the 2 hosts .*127\.0\.0\.1 is not in the cert/,
      () => urlOf(`sslmode=verify-full&sslrootcert=${files.right}`, { host: `127.0.0.1:${node.port},127.0.0.1` }),
    ],
    ['a plain connection', /no pg_hba\.conf entry .*no encryption/, () => urlOf('')],
    ['a plain connection by name', /no pg_hba\.conf entry .*no encryption/, () => urlOf('sslmode=disable')],
    [
      'a certificate of somebody else',
      /certificate authentication failed/,
      () => urlOf(`sslmode=require&sslcert=${files.stranger.certFile}&sslkey=${files.stranger.keyFile}`, { user: 'certified' }),
    ],
    ['no certificate where one is asked for', /valid client certificate/, () => urlOf('sslmode=require', { user: 'certified' })],
    ['a file that is not there', /ENOENT.*nowhere\.crt/, () => urlOf('sslmode=verify-full&sslrootcert=/nowhere.crt')],
    [
      'a mode that may fall back',
      /DATABASE_URL: sslmode is none of disable, require, verify-ca, verify-full/,
      () => urlOf('sslmode=prefer'),
    ],
    ['a setting that nobody would keep', /DATABASE_URL: sslcrl is not supported/, () => urlOf('sslmode=require&sslcrl=/list')],
    ['a certificate without its key', /sslcert and sslkey are needed together/, () => urlOf('sslmode=require&sslcert=/a')],
  ])('is turned away with %s, and told why', async (_name, says, url) => {
    expect(await refusalOf(url())).toMatch(says);
  });
});

test('the command line says it in a line', async () => {
  const [right, wrong, elsewhere] = await Promise.all([
    openrun('migrate', urlOf(`sslmode=verify-full&sslrootcert=${files.right}`)),
    openrun('migrate', urlOf(`sslmode=verify-full&sslrootcert=${files.wrong}`)),
    openrun('migrate', urlOf(`sslmode=verify-full&sslrootcert=${files.right}`, { host: '127.0.0.1' })),
  ]);
  expect(right).toMatchObject({ exitCode: 0, stderr: '' });
  expect([wrong.exitCode, elsewhere.exitCode]).toEqual([1, 1]);
  expect(wrong.stderr).toMatch(/^openrun: no TLS with the other side: .*certificate.*sslrootcert.*\n$/);
  expect(elsewhere.stderr).toMatch(/^openrun: no TLS with the other side: .*127\.0\.0\.1 is not in the cert.*\n$/);
});

test('a database that offers no TLS is not spoken to where some is asked for', async () => {
  const plain = createServer((socket) => socket.once('data', () => socket.write('N')).on('error', () => undefined)).listen(0, '127.0.0.1');
  onTestFinished(() => void plain.close());
  await once(plain, 'listening');
  const address = plain.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const refusal = await refusalOf(`postgresql://openrun@127.0.0.1:${port}/shop?sslmode=require`);
  expect(refusal).toBe('the database cannot be used: it offers no TLS, and sslmode asks for it');
});

describe('a server', () => {
  const verified = (way: Way = {}): string => urlOf(`sslmode=verify-full&sslrootcert=${files.right}`, way);

  test.each<[hosts: string, url: () => string]>([
    ['one host', () => verified()],
    ['several', () => verified({ host: `localhost:${unused},localhost` })],
  ])('has no connection that is not encrypted, with %s', async (_name, url) => {
    await migrate({ url: verified() }, () => undefined);
    const server = await serveOn({ url: url() });
    onTestFinished(() => server.close());
    const customer = await server.customer(tag());
    expect((await customer.post('/balance/charge', { amount: 1000 })).status).toBe(200);
    expect((await customer.get('/balance')).body.amount).toBe(1000);
    const connections = () =>
      node.query(
        `SELECT DISTINCT a.application_name AS name, s.ssl FROM pg_stat_activity AS a JOIN pg_stat_ssl AS s USING (pid)
          WHERE a.datname = 'shop' AND a.backend_type = 'client backend' ORDER BY 1`,
      );
    const names = ['background', 'news', 'reader', 'writer'].map((name) => `openrun ${name}`);
    await expect.poll(async () => (await connections()).map(({ name }) => name), PATIENCE).toEqual(expect.arrayContaining(names));
    expect((await connections()).filter(({ ssl }) => ssl !== true)).toEqual([]);
  });

  test('is told by the doctor how its connections are kept from others', async () => {
    await migrate({ url: verified() }, () => undefined);
    const encryptionOf = async (url: string): Promise<string | undefined> => {
      const { stdout } = await openrun('doctor', url);
      return stdout.split('\n').find((line) => line.includes(' encryption '));
    };
    const [full, unverified, plain] = await Promise.all(
      [verified(), urlOf('sslmode=require'), urlOf('sslmode=disable', { database: 'postgres' })].map(encryptionOf),
    );
    expect(full).toMatch(/^ok .*TLSv1\.3, TLS_AES_256_GCM_SHA384; certificate and name of the host are verified$/);
    expect(unverified).toMatch(/^warning .*TLSv1\.3.*the certificate is not verified$/);
    expect(plain).toMatch(/^ok .*none, and nothing leaves this machine$/);
  });
});
