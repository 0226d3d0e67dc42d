/** Builds HTML. Markup is written in {@link html} templates, where everything that is put in is text unless it is markup itself. */
import type { Language } from '../http/language.ts';

/** A piece of HTML that is safe to put into another. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Piece = string | number | Markup | readonly Markup[];

/** Markup from a template: strings and numbers in it are escaped. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...pieces.map(sourceOf)));
}

function sourceOf(piece: Piece): string {
  if (piece instanceof Markup) return piece.source;
  if (typeof piece === 'object') return piece.map((markup) => markup.source).join('\n');
  return String(piece).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A whole page: what its head holds besides the essentials, and its body. */
export interface Page {
  readonly language: Language;
  readonly title: string;
  /** `data-…` attributes of the root element, which the page's script reads. */
  readonly data?: Readonly<Record<string, string>>;
  readonly head?: Markup;
  readonly body: Markup;
}

export function renderPage({ language, title, data = {}, head = html``, body }: Page): string {
  const attributes = Object.entries(data).map(([name, value]) => html` data-${name}="${value}"`.source);
  return html`<!doctype html>
<html lang="${language}"${new Markup(attributes.join(''))}>
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="/pages/icon.svg" type="image/svg+xml">
    ${head}
  </head>
  <body>
    ${body}
  </body>
</html>
`.source;
}
