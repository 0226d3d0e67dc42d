/** What a document in Markdown holds, as far as the tests of documents need it. */

/** A piece of code between fences. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

const FENCE = /^(`{3,}|~{3,})(\S*)[^\n]*\n(.*?)^\1[ \t]*$/gms;
const CODE_SPAN = /(`+)(?:(?!\1).)+?\1/gs;
const HTML_COMMENT = /<!--.*?-->/gs;

/** The code between fences, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(FENCE)].map(([, , language = '', code = '']) => ({ language, code }));
}

/** The text without what is code or a comment, where nothing is a link. */
function prose(markdown: string): string {
  const withoutCode = markdown
    .replaceAll(FENCE, '')
    .replaceAll(HTML_COMMENT, '')
    .replaceAll(/^ {4}.*$/gm, '');
  return withoutCode.replaceAll(CODE_SPAN, '');
}

/** Where links, images and bare addresses lead, in both notations that GitHub knows. */
export function linksOf(markdown: string): string[] {
  const text = prose(markdown);
  const inline = [...text.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+["'][^)]*)?\)/g)];
  const references = [...text.matchAll(/^\[[^\]]+\]:\s*<?([^\s>]+)/gm)];
  const html = [...text.matchAll(/<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)="([^"]+)"/g)];
  const bare = [...text.matchAll(/(?<![("[=])(https?:\/\/[^\s)>|\]]*[^\s)>|\].,:;!?])/g)];
  return [...inline, ...references, ...html, ...bare].map(([, target = '']) => target);
}

/** The anchors that GitHub gives to the headings of a document, and those that its HTML names. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  const text = markdown.replaceAll(FENCE, '').replaceAll(HTML_COMMENT, '');
  for (const [, heading = ''] of text.matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm)) {
    const slug = slugOf(heading);
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  for (const [, id = ''] of text.matchAll(/<a\s[^>]*?\b(?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

/** Lower case, without what is neither letter, digit, hyphen nor underscore; a space is a hyphen. */
function slugOf(heading: string): string {
  const text = heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/<[^>]+>/g, '')
    .trim();
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
