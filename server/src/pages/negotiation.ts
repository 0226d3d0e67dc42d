/** Chooses between a page and JSON by `Accept` (RFC 9110, section 12.5.1). */

const RANGES_MAX = 20;

/** Whether JSON weighs more than a page; where they weigh the same, as for a client that does not say, it is a page. */
export function prefersJson(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const weights = new Map(accept.split(',').slice(0, RANGES_MAX).map(weigh));
  const weightOf = (...ranges: readonly string[]): number =>
    ranges.map((range) => weights.get(range)).find((weight) => weight !== undefined) ?? 0;
  return weightOf('application/json', 'application/*', '*/*') > weightOf('text/html', 'text/*', '*/*');
}

/** A media range and its weight from 0 to 1; what is not a weight counts as none. */
function weigh(range: string): [string, number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return [type, weight >= 0 && weight <= 1 ? weight : 0];
}
