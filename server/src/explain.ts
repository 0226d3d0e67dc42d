/** Says in one line what an operator can do about an error of the command line. */
import { BackupError } from './backup/backup.errors.ts';
import { ConfigError } from './config.ts';
import { DistributionError } from './database/distribute.ts';
import { EmbeddedError } from './database/embedded.ts';
import { NoPrimaryError } from './database/hosts.ts';
import { TlsSettingsError } from './kernel/database-tls.ts';
import { ProblemError } from './kernel/errors.ts';
import { ReplayError } from './replay/replay.types.ts';

const UNDEFINED_TABLE = '42P01';
const INSUFFICIENT_PRIVILEGE = '42501';
/** Errors of the network, and of PostgreSQL about connecting: 08 connection, 28 authorization, 3D database, 53 resources, 57 shutdown. */
const UNUSABLE_DATABASE = /^(E[A-Z]+|08...|28...|3D...|53...|57...)$/;

/** What Node says of certificates, and of what the other side says of ours. */
const UNUSABLE_TLS = /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_CA$)/;
/** The driver says these without a code. */
const NO_TLS = 'The server does not support SSL connections';
const LOST = new Set(['Connection terminated unexpectedly', 'Client has encountered a connection error and is not queryable']);

/** Their messages are written for operators. */
const EXPLAINED = [ConfigError, NoPrimaryError, TlsSettingsError, EmbeddedError, DistributionError, BackupError, ReplayError];

/** null: the error is a defect of ours, to be shown with its stack. */
export function explain(error: unknown): string | null {
  if (EXPLAINED.some((kind) => error instanceof kind) && error instanceof Error) return error.message;
  if (error instanceof ProblemError) return explainProblem(error);
  if (error instanceof Error && error.message === NO_TLS) return 'the database cannot be used: it offers no TLS, and sslmode asks for it';
  if (error instanceof Error && LOST.has(error.message)) return 'the database cannot be used: the connection to it was lost';
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  if (UNUSABLE_TLS.test(error.code)) {
    return `no TLS with the other side: ${error.message} (${error.code}); for the database, sslmode and sslrootcert say what is asked of it`;
  }
  if (error.code === 'EADDRINUSE') return `${error.message}; choose another port with PORT or --port`;
  if (error.code === UNDEFINED_TABLE) return 'the database has no schema yet; `openrun migrate` or `openrun start` makes it';
  if (error.code === INSUFFICIENT_PRIVILEGE) {
    return `the role of DATABASE_URL may not do this: ${error.message}; migrations are the owner's, see docs/operations.md`;
  }
  return UNUSABLE_DATABASE.test(error.code) ? `the database cannot be used: ${error.message || error.code}` : null;
}

function explainProblem({ code, extras }: ProblemError): string {
  const { errors } = extras;
  if (!Array.isArray(errors)) return code;
  return errors.map((field: unknown) => Object.values(field ?? {}).join(' ')).join('; ');
}
