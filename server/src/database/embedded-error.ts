/**
 * What goes wrong around the embedded database, in words for the owner of the machine. Every message names
 * the directory or process it is about and, where there is one, the way out.
 */

/** The embedded database cannot be had. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
}

/** The `code` of a system error (`ENOENT`, `EACCES`, …), or null for anything else. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `error` as an {@link EmbeddedError}: itself, or wrapped with `doing` in front. */
export function asEmbeddedError(error: unknown, doing: string): EmbeddedError {
  if (error instanceof EmbeddedError) return error;
  return new EmbeddedError(`${doing}: ${reasonOf(error)}`, { cause: error });
}
