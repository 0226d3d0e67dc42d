/** The quick start is true: a shell runs its commands, in order, as a reader would in two terminals. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { clientConfig } from '../../src/database/database.ts';
import { compiledOnce } from '../support/command-line.ts';
import { databaseOf, urlOf } from '../support/database.global.ts';
import { type CodeBlock, codeBlocks } from '../support/markdown.ts';
import { openSession, type Session } from '../support/shell.ts';
import { freePort } from '../support/socket.ts';

const ROOT = join(import.meta.dirname, '../../..');
const WITHIN_MS = 240_000;
const POLL_MS = 50;

/** The first is what brought this test here; the other needs the tools of the server's own version of PostgreSQL. */
const NOT_RUN = [/^npm ci$/m, /^pg_dump .*$/m];
/** Commands that go on until they are ended: the reader's first terminal. */
const SERVER = /^(npm start\b.*|npm run openrun -- start\b.*)$/m;

const guide = readFileSync(join(ROOT, 'docs/quick-start.md'), 'utf8');
const korean = readFileSync(join(ROOT, 'docs/quick-start.ko.md'), 'utf8');
const steps = codeBlocks(guide);

/** A block as it is run here: on ports, and a database, that are this test's own. */
type Adapt = (code: string) => string;

let home = '';
let baseUrl = '';
let receiverUrl = '';
let session: Session;
let adapt: Adapt;
let database = '';
/** Process groups of the servers, of which the last one may run. */
const servers: number[] = [];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'openrun-test-'));
  // PostgreSQL does not run as root: its user has to pass through.
  chmodSync(home, 0o755);
  const [port, receiverPort] = [await freePort(), await freePort()];
  baseUrl = `http://127.0.0.1:${port}`;
  receiverUrl = `http://127.0.0.1:${receiverPort}`;
  database = `openrun_test_start_${port}`;
  const databaseUrl = urlOf(databaseOf(inject('target'), database));
  adapt = (code) =>
    code
      .replaceAll('http://localhost:3000', baseUrl)
      .replaceAll(/(127\.0\.0\.1:|--port )4000/g, `$1${receiverPort}`)
      .replaceAll(/^export DATABASE_URL=.*$/gm, `export DATABASE_URL='${databaseUrl}'`);
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home, PORT: String(port), DATA_DIR: join(home, 'data') };
  session = openSession(ROOT, { ...compiledOnce(), ...environment });
});

afterAll(async () => {
  await stopServer();
  await session.close();
  await onDatabaseServer(`DROP DATABASE IF EXISTS ${database}`);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

async function onDatabaseServer(statement: string): Promise<void> {
  const client = new pg.Client(clientConfig(inject('target')));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Whether somebody answers there, and what anybody can use. */
async function answers(url: string, isGood = (_status: number): boolean => true): Promise<boolean> {
  return fetch(url).then(
    ({ status }) => isGood(status),
    () => false,
  );
}

/** Starts what goes on until it is ended, in the place of what ran before. */
async function startServer(command: string): Promise<void> {
  await stopServer();
  const said = await session.run(`${command} >> "$HOME/server.log" 2>&1 & echo "process $!"`);
  const pid = Number(/process (\d+)/.exec(said)?.[1]);
  servers.push(pid);
  while (!(await answers(`${baseUrl}/readyz`, (status) => status === 200))) {
    if (!isRunning(pid)) throw new Error(`the server ended:\n${readFileSync(join(home, 'server.log'), 'utf8')}`);
    await delay(POLL_MS);
  }
}

async function stopServer(): Promise<void> {
  const pid = servers.pop();
  if (pid === undefined) return;
  process.kill(-pid, 'SIGINT');
  while (isRunning(pid)) await delay(POLL_MS);
}

function isRunning(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Runs a step of the guide and gives what it wrote. */
async function take({ language, code }: CodeBlock): Promise<string> {
  if (language === 'sql') {
    // Whoever the tests are may make databases, and roles perhaps not.
    await onDatabaseServer(`CREATE DATABASE ${database}`);
    return '';
  }
  if (language !== 'sh') return '';
  const commands = NOT_RUN.reduce((text, command) => text.replace(command, ':'), adapt(code));
  const server = SERVER.exec(commands)?.[0];
  if (server === undefined) return session.run(commands);
  await startServer(server);
  return '';
}

/** Takes the steps from one that has the text up to one that has another. */
async function takeSteps(first: string, next: string | null): Promise<string[]> {
  const from = steps.findIndex(({ code }) => code.includes(first));
  const to = next === null ? steps.length : steps.findIndex(({ code }) => code.includes(next));
  expect(from, first).toBeGreaterThan(-1);
  expect(to, String(next)).toBeGreaterThan(from);
  const written: string[] = [];
  for (const step of steps.slice(from, to)) {
    const text = await take(step);
    // A refusal of the shop is no failure of curl.
    expect(text).not.toMatch(/"code":"[A-Z_]+"/);
    written.push(text.trim());
  }
  return written;
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('the quick start', { timeout: WITHIN_MS }, () => {
  test('buys, and does not pay twice', async () => {
    const [, , bought = '', again, after = ''] = await takeSteps('npm start', '/products product-1');
    const payment = bought.slice(bought.lastIndexOf('{'));
    expect(payment).toContain('"paidAt"');
    expect(again).toBe(payment);
    const [status, balance] = after.split('\n');
    expect(status).toBe('paid');
    expect(Number(balance)).toBe(500_000 - Number(/"amount":(\d+)/.exec(payment)?.[1]));
  });

  test('names pages that there are, and accounts that can sign in', async () => {
    const pages = [...guide.matchAll(/http:\/\/localhost:3000(\/\w+)/g)].map(([, path = '']) => path);
    expect(new Set(pages)).toEqual(new Set(['/docs', '/shop', '/admin', '/readyz', '/metrics']));
    for (const page of new Set(pages)) expect((await fetch(baseUrl + page)).status, page).toBe(200);
    const accounts = [...guide.matchAll(/as `(\S+@\S+)` with (?:the password )?`(\S+)`/g)];
    expect(accounts).toHaveLength(2);
    for (const [, email, password] of accounts) {
      const body = JSON.stringify({ email, password });
      const answer = await fetch(`${baseUrl}/auth/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      expect(answer.status, email).toBe(200);
    }
  });

  test('makes a product and a coupon, and the coupon counts', async () => {
    const written = await takeSteps('/products product-1', 'npm start -- --webhook-allow-private');
    expect(written[1]).toContain('"onHand":120');
    expect(written.at(-1)).toBe('40000');
    expect(guide).toContain('\n40000: ');
  });

  test('receives a webhook', async () => {
    await takeSteps('npm start -- --webhook-allow-private', '/deliveries?destination');
    expect(await answers(receiverUrl)).toBe(true);
    const promised =
      steps
        .find(({ language }) => language === 'text')
        ?.code.trimEnd()
        .split('\n') ?? [];
    expect(promised).toHaveLength(2);
    await expect.poll(() => session.written(), { timeout: 60_000 }).toContain(`: ${promised[1]}\n`);
    expect(countOf(session.written(), `: ${promised[0]}\n`)).toBe(1);
    const [deliveries = ''] = await takeSteps('/deliveries?destination', 'openrun -- doctor');
    expect(countOf(deliveries, '"type":"order.')).toBe(2);
    await expect.poll(() => answers(receiverUrl)).toBe(false);
  });

  test('looks after the shop', async () => {
    const [written = ''] = await takeSteps('openrun -- doctor', 'CREATE ROLE');
    expect(written).toMatch(/invariants/);
    expect(countOf(written, 'audit: everything adds up')).toBe(2);
  });

  test('goes into production on a database of its own, with two processes', async () => {
    await stopServer();
    const written = await takeSteps('CREATE ROLE', null);
    const all = written.join('\n');
    expect(all).toContain('password: ');
    expect(all).toContain('{"status":"ok"}');
    expect(all).toMatch(/^openrun_commit_waiting\{queue="\w+"\} 0$/m);
    // The first of the two takes requests before both do.
    await expect.poll(() => readFileSync(join(home, 'server.log'), 'utf8'), { timeout: 60_000 }).toContain('"workers":2');
  });
});

test('both languages have the same commands', () => {
  expect(codeBlocks(korean)).toEqual(steps);
});
