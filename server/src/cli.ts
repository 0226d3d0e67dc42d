#!/usr/bin/env node
/** The command line: `openrun start | migrate | seed | audit | doctor | backup | restore | config | token | staff | replay`. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { AccountService } from './account/account.service.ts';
import { audit, type Difference } from './audit/audit.ts';
import { backUp, restore } from './backups.ts';
import { type Config, ConfigError, loadConfig, redacted, SETTING_NAMES, SWITCH_NAMES } from './config.ts';
import { distribute } from './database/distribute.ts';
import { migrate } from './database/migrate.ts';
import { DEMO_LINES, hasDemoAccounts, seedDemo } from './demo/demo.ts';
import { asJson, asText } from './doctor/doctor.report.ts';
import { worstOf } from './doctor/doctor.rules.ts';
import { diagnose } from './doctor/doctor.ts';
import { explain } from './explain.ts';
import { createTokenMinter } from './http/auth.ts';
import { createLogger, withDatabase } from './runtime.ts';
import { VERSION } from './version.ts';

const TOKEN_TTL_SECONDS = 3600;
const REPLAY_TOKEN_TTL_SECONDS = 600;

const out = (line: string): void => void process.stdout.write(`${line}\n`);

/** A setting's flag: `ORDER_TTL_SECONDS` is `--order-ttl-seconds`. */
function flagOf(name: string): string {
  return `--${name.toLowerCase().replaceAll('_', '-')}`;
}

/** Said at the end of each command's help; the settings themselves are listed where they are what the command is about. */
const ABOUT_SETTINGS = `
Every setting is a flag of this command as well (ORDER_TTL_SECONDS is --order-ttl-seconds) and overrides the environment. \`openrun config --help\`
lists them, \`openrun config\` shows what is in force, and docs/operations.md has their meanings and defaults. Whoever may see the processes of
the machine sees their flags: give secrets and DATABASE_URL by the environment.`;

const SETTINGS_GROUP = 'Settings:';

/** Takes every setting as a flag, and shows them in the help of those commands whose subject they are. */
function withSettings(command: Command, isAboutThem = false): Command {
  for (const name of SETTING_NAMES) command.addOption(settingOption(name).helpGroup(SETTINGS_GROUP).hideHelp(!isAboutThem));
  return command.addHelpText('after', ABOUT_SETTINGS);
}

function settingOption(name: string): Option {
  const meaning = `overrides ${name}`;
  if (!SWITCH_NAMES.has(name)) return new Option(`${flagOf(name)} <value>`, meaning);
  return new Option(`${flagOf(name)} [value]`, meaning).preset('true');
}

/** The flags that were given, by the names of their settings. */
function settingsOf(options: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const value = options[name.toLowerCase().replaceAll(/_(.)/g, (_match, letter: string) => letter.toUpperCase())];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

/** The configuration of a command that is no server: quiet, so that its output is its result. */
function commandConfig(options: Readonly<Record<string, unknown>>): Config {
  return loadConfig({ LOG_LEVEL: 'warn', ...settingsOf(options) });
}

/** The same, for a command that signs tokens for a server: its secret has to be the server's. */
function signingConfig(options: Readonly<Record<string, unknown>>): Config {
  return loadConfig({ LOG_LEVEL: 'warn', ...settingsOf(options) }, { secret: 'needed' });
}

/** The same, for a command that signs nothing: it needs no secret, and makes none. */
function keylessConfig(options: Readonly<Record<string, unknown>>): Config {
  return loadConfig({ LOG_LEVEL: 'warn', ...settingsOf(options) }, { secret: 'unused' });
}

/** What only some commands need they load themselves: the server takes a second, and most of them have to do with nothing of it. */
async function runStart(settings: Readonly<Record<string, string>>): Promise<void> {
  const { start } = await import('./main.ts');
  await start(settings);
}

async function runAudit(config: Config): Promise<void> {
  report(await withDatabase(config, createLogger(config), (database) => audit(database)));
}

function report(differences: readonly Difference[]): void {
  for (const { check, found } of differences) out(`${check}: ${JSON.stringify(found)}`);
  out(differences.length === 0 ? 'audit: everything adds up' : `audit: ${differences.length} differences`);
  if (differences.length > 0) process.exitCode = 1;
}

async function runBackup(config: Config, directory: string, verify: boolean): Promise<void> {
  const differences = await backUp(config, directory, { verify, out });
  if (differences !== null) report(differences);
}

async function runRestore(config: Config, directory: string, force: boolean): Promise<void> {
  report(await restore(config, directory, { force, out }));
}

/** The log goes where it is in nobody's way: the result may be for a machine. */
async function runDoctor(options: { readonly json?: boolean } & Readonly<Record<string, unknown>>): Promise<void> {
  const findings = await diagnose({
    loadConfig: () => signingConfig(options),
    withDatabase: (config, work) => withDatabase(config, createLogger(config, process.stderr), work),
    explain: (error) => explain(error) ?? (error instanceof Error ? error.message : String(error)),
  });
  out(options.json === true ? asJson(findings) : asText(findings));
  if (worstOf(findings) === 'problem') process.exitCode = 1;
}

async function runMigrate(config: Config, options: { readonly distribute?: boolean }): Promise<void> {
  await withDatabase(config, createLogger(config), async ({ target }) => {
    const applied = await migrate(target, out);
    out(applied.length === 0 ? 'the schema is up to date' : `applied ${applied.length} migrations`);
    if (options.distribute !== true) return;
    const placed = await distribute(target, out);
    out(placed.length === 0 ? 'all tables have their places' : `gave ${placed.length} tables their places`);
  });
}

async function runSeed(config: Config): Promise<void> {
  if (config.production) throw new ConfigError('the demo is not for production');
  const { createApp } = await import('./app.ts');
  const logger = createLogger(config);
  await withDatabase(config, logger, async (database) => {
    await migrate(database.target, out);
    const app = await createApp({ config, database, logger });
    out((await seedDemo(app.services)) ? 'the demo is there' : 'there are products already; nothing was seeded');
    if (await hasDemoAccounts(app.services)) out(DEMO_LINES.join('\n'));
    await app.close();
  });
}

function secretOf(config: Config): string {
  if (config.auth.secret === null) throw new ConfigError('AUTH_JWT_SECRET is needed to sign tokens');
  return config.auth.secret;
}

async function runToken(config: Config, sub: string, options: { readonly staff?: boolean; readonly ttl: number }): Promise<void> {
  if (config.production) throw new ConfigError('tokens are for trying things out; in production they come from your identity provider');
  const mint = createTokenMinter({ secret: secretOf(config), issuer: config.auth.issuer, audience: config.auth.audience });
  out(await mint({ sub, ttlSeconds: options.ttl, ...(options.staff === true ? { role: 'staff' as const } : {}) }));
}

async function runStaffAdd(config: Config, email: string): Promise<void> {
  const { outcome, password } = await withAccounts(config, (accounts) => accounts.addStaff(email));
  out(`${email}: ${outcome}`);
  if (password !== null) out(`password: ${password}`);
}

async function withAccounts<T>(config: Config, work: (accounts: AccountService) => Promise<T>): Promise<T> {
  const secret = secretOf(config);
  const { createAccountService } = await import('./account/account.service.ts');
  return withDatabase(config, createLogger(config), async (database) => {
    await migrate(database.target, out);
    return work(createAccountService({ pool: database.readers, secret, baseUrl: null, secureCookies: config.production }));
  });
}

async function runStaffList(config: Config): Promise<void> {
  for (const { email, name, createdAt } of await withAccounts(config, (accounts) => accounts.listStaff())) {
    out(`${email}  ${createdAt.toISOString()}  ${name}`);
  }
}

async function runStaffRemove(config: Config, email: string): Promise<void> {
  if (!(await withAccounts(config, (accounts) => accounts.removeStaff(email)))) throw noStaff(email);
  out(`${email}: removed, and all sessions ended; a bearer token that was given out counts for a quarter of an hour at most`);
}

async function runStaffResetPassword(config: Config, email: string): Promise<void> {
  const password = await withAccounts(config, (accounts) => accounts.resetPassword(email));
  if (password === null) throw noStaff(email);
  out(`${email}: all sessions ended`);
  out(`password: ${password}`);
}

function noStaff(email: string): ConfigError {
  return new ConfigError(`${email} is none of the staff; \`openrun staff list\` shows who is`);
}

async function runReplay(
  config: Config,
  files: readonly string[],
  options: { readonly url?: string; readonly concurrency: number },
): Promise<void> {
  const { replay } = await import('./replay/replay.ts');
  const mint = createTokenMinter({ secret: secretOf(config), issuer: config.auth.issuer, audience: config.auth.audience });
  const { differences } = await replay({
    files,
    baseUrl: options.url ?? `http://127.0.0.1:${config.port}`,
    mintToken: (sub, role) => mint({ sub, ttlSeconds: REPLAY_TOKEN_TTL_SECONDS, ...(role === undefined ? {} : { role }) }),
    concurrency: options.concurrency,
    out: process.stdout,
  });
  if (differences > 0) process.exitCode = 1;
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number of 1 or more is needed');
  return value;
}

function createProgram(): Command {
  const program = new Command('openrun').description('A commerce core for sales that everyone comes to at once').version(VERSION);
  const command = (name: string, description: string): Command =>
    withSettings(program.command(name).description(description), name === 'start' || name === 'config');

  command('start', 'start the server').action((options: Record<string, unknown>) => runStart(settingsOf(options)));
  command('migrate', 'bring the schema of the database up to date')
    .option('--distribute', 'then spread the tables over the workers of a Citus cluster')
    .action((options: { distribute?: boolean } & Record<string, unknown>) => runMigrate(keylessConfig(options), options));
  command('seed', 'fill an empty shop with the demo').action((options: Record<string, unknown>) => runSeed(commandConfig(options)));
  command('audit', 'recompute every invariant; exits with 1 where something does not add up').action((options: Record<string, unknown>) =>
    runAudit(keylessConfig(options)),
  );
  command('backup', 'copy the embedded database, with the server up or down')
    .argument('<directory>', 'where to; it must not be there yet')
    .option('--verify', 'restore it into a temporary directory and run the audit there')
    .action((directory: string, options: { verify?: boolean } & Record<string, unknown>) =>
      runBackup(keylessConfig(options), directory, options.verify === true),
    );
  command('restore', 'put a backup in the place of the embedded database, and run the audit')
    .argument('<directory>', 'the backup')
    .option('--force', 'move aside what is there')
    .action((directory: string, options: { force?: boolean } & Record<string, unknown>) =>
      runRestore(keylessConfig(options), directory, options.force === true),
    );
  command('doctor', 'look at everything, and say what to do; exits with 1 where there is a problem')
    .option('--json', 'for machines')
    .action((options: { json?: boolean } & Record<string, unknown>) => runDoctor(options));
  command('config', 'show the configuration, without secrets').action((options: Record<string, unknown>) =>
    out(JSON.stringify(redacted(loadConfig(settingsOf(options))), null, 2)),
  );
  command('token', 'mint a bearer token for trying things out')
    .argument('<sub>', 'the user id')
    .option('--staff', 'with the role staff')
    .option('--ttl <seconds>', 'how long it is valid', positiveInteger, TOKEN_TTL_SECONDS)
    .action((sub: string, options: { staff?: boolean; ttl: number } & Record<string, unknown>) =>
      runToken(signingConfig(options), sub, options),
    );
  command('replay', 'feed retail exports through the API of a running server, and compare the books')
    .argument('<files...>', 'CSV files, in order')
    .option('--url <url>', 'where the server answers')
    .option('--concurrency <count>', 'customers under way at once', positiveInteger, 16)
    .action((files: string[], options: { url?: string; concurrency: number } & Record<string, unknown>) =>
      runReplay(signingConfig(options), files, options),
    );
  addStaffCommands(program.command('staff').description('the staff of the built-in accounts'));
  return program;
}

function addStaffCommands(staff: Command): void {
  const command = (name: string, description: string): Command => withSettings(staff.command(name).description(description));
  command('list', 'who is staff, since when the account is there, and its name').action((options: Record<string, unknown>) =>
    runStaffList(commandConfig(options)),
  );
  command('add', 'make an account staff, creating it if need be')
    .argument('<email>')
    .action((email: string, options: Record<string, unknown>) => runStaffAdd(commandConfig(options), email));
  command('remove', 'take the role away and end all sessions; the account stays, as a customer’s')
    .argument('<email>')
    .action((email: string, options: Record<string, unknown>) => runStaffRemove(commandConfig(options), email));
  command('reset-password', 'give one of the staff a new password and end all sessions')
    .argument('<email>')
    .action((email: string, options: Record<string, unknown>) => runStaffResetPassword(commandConfig(options), email));
}

try {
  await createProgram().parseAsync();
} catch (error) {
  const explanation = explain(error);
  if (explanation === null) throw error;
  process.stderr.write(`openrun: ${explanation}\n`);
  process.exitCode = 1;
}
