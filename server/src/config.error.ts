/** Unusable settings; the message names each of them and says what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
