/** What a secret of webhooks looks like, wherever it comes from: the API or the settings. */

/**
 * `whsec_` and 24–64 bytes in base64 (Standard Webhooks 1.0). Whole base64 only: verifiers differ in what they make of anything else.
 */
export const WEBHOOK_SECRET_PATTERN =
  '^whsec_([A-Za-z0-9+/]{4}){8,20}([A-Za-z0-9+/]{4}([A-Za-z0-9+/]{2}==)?|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?$';
