/** Chooses between the two languages of the wire by `Accept-Language` (RFC 9110, section 12.5.4). */

export type Language = 'en' | 'ko';

const RANGES_MAX = 20;

/** The language with the higher weight; English where neither, or nothing sane, is asked for. */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'en';
  const weights = { en: 0, ko: 0 };
  let anyWeight = 0;
  const named = new Set<string>();
  for (const range of acceptLanguage.split(',').slice(0, RANGES_MAX)) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = weightOf(parameters);
    const primary = tag.split('-')[0];
    if (primary === 'en' || primary === 'ko') {
      named.add(primary);
      weights[primary] = Math.max(weights[primary], weight);
    } else if (tag === '*') {
      anyWeight = weight;
    }
  }
  for (const language of ['en', 'ko'] as const) if (!named.has(language)) weights[language] = anyWeight;
  return weights.ko > weights.en ? 'ko' : 'en';
}

function weightOf(parameters: readonly string[]): number {
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  if (quality === undefined) return 1;
  const weight = Number(quality.slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}
