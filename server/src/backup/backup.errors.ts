/** What goes wrong with a backup, in words for whoever wanted it. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** `error` as a {@link BackupError}: itself, or wrapped with `doing` in front. */
export function asBackupError(error: unknown, doing: string): BackupError {
  if (error instanceof BackupError) return error;
  return new BackupError(`${doing}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
