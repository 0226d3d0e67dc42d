/** Every link of the documents leads somewhere: to a file that is there, to a heading that it has, or to a standard. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, linksOf } from '../support/markdown.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DOCUMENTS = ['README*.md', 'SECURITY.md', 'CHANGELOG.md', 'docs/**/*.md', 'client/README.md', 'bench/**/*.md', 'ops/**/*.md'];
const INDEX = 'docs/README.md';

/** Hosts that a document may name: the reader's own machine, hosts that are nobody's, and the homes of standards and of tools we point to. */
const HOSTS = [/^(localhost|127\.0\.0\.1)$/, /\.example$/, /^doi\.org$/, /^pgbackrest\.org$/, /^www\.standardwebhooks\.com$/];
/** A host that has everybody's pages is allowed by its page. */
const PAGES: ReadonlySet<string> = new Set(['https://github.com/cloudevents/spec']);

const documents = globSync(DOCUMENTS, { cwd: ROOT, exclude: (path) => path.includes('node_modules') }).toSorted();

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** What is wrong with a link of the document at `path`; null where nothing is. */
function faultOf(path: string, link: string): string | null {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return isAllowed(link) ? null : `${link}: a host that is not on the list`;
  const [target = '', anchor] = link.split('#');
  const file = target === '' ? path : relative(ROOT, join(ROOT, dirname(path), decodeURIComponent(target)));
  if (target.startsWith('/') || file.startsWith('..')) return `${link}: leads out of the repository`;
  if (!existsSync(join(ROOT, file))) return `${link}: there is no ${file}`;
  if (anchor === undefined) return null;
  if (statSync(join(ROOT, file)).isDirectory() || !file.endsWith('.md')) return `${link}: ${file} has no headings`;
  return anchorsOf(read(file)).has(decodeURIComponent(anchor)) ? null : `${link}: ${file} has no such heading`;
}

function isAllowed(link: string): boolean {
  const url = URL.parse(link);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return false;
  return PAGES.has(`${url.origin}${url.pathname}`) || HOSTS.some((host) => host.test(url.hostname));
}

describe('what is wrong with a link is found', () => {
  test.each<[string, string | null]>([
    ['../README.md', null],
    ['../README.md#run-it', null],
    ['#a-standby', null],
    ['adr/', null],
    ['http://localhost:3000/docs', null],
    ['https://shop.example/', null],
    ['https://github.com/cloudevents/spec', null],
    ['nowhere.md', 'nowhere.md: there is no docs/nowhere.md'],
    ['#a-standbye', '#a-standbye: docs/operations.md has no such heading'],
    ['../README.md#Run-it', '../README.md#Run-it: README.md has no such heading'],
    ['adr/#one', 'adr/#one: docs/adr has no headings'],
    ['/etc/hosts', '/etc/hosts: leads out of the repository'],
    ['../../README.md', '../../README.md: leads out of the repository'],
    ['https://github.com/other', 'https://github.com/other: a host that is not on the list'],
    ['https://localhost.example.org', 'https://localhost.example.org: a host that is not on the list'],
    ['mailto:me@shop.example', 'mailto:me@shop.example: a host that is not on the list'],
  ])('%s', (link, fault) => {
    expect(faultOf('docs/operations.md', link)).toBe(fault);
  });

  test('links are found in all their forms, and code has none', () => {
    const markdown = [
      '[a](one.md) ![b](two.png "title") <img src="three.svg" alt=""> and https://four.example/x, <http://five.example>',
      '[six]: six.md',
      '`[no](code.md)`',
      '```sh\ncurl https://no.example # [no](fence.md)\n```',
      '    [no](indented.md)',
      '<!-- [no](comment.md) -->',
    ].join('\n\n');
    expect(linksOf(markdown)).toEqual(['one.md', 'two.png', 'six.md', 'three.svg', 'https://four.example/x', 'http://five.example']);
  });

  test('headings have the anchors that GitHub gives them', () => {
    const markdown = [
      '# `OVERLOADED`: 503, and what *then*?',
      '## 주문 상태',
      '## Twice',
      '## Twice',
      '## [A link](x.md) & snake_case',
      '```\n# no heading\n```',
      '<a id="own"></a>',
    ].join('\n\n');
    expect([...anchorsOf(markdown)]).toEqual([
      'overloaded-503-and-what-then',
      '주문-상태',
      'twice',
      'twice-1',
      'a-link--snake_case',
      'own',
    ]);
  });
});

test('the documents are found', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'README.ko.md', 'docs/adr/0001-sql-as-named-statements.md', INDEX]));
});

test.each(documents)('the links of %s', (path) => {
  expect(linksOf(read(path)).flatMap((link) => faultOf(path, link) ?? [])).toEqual([]);
});

test('the index names every document', () => {
  const named = new Set(linksOf(read(INDEX)).map((link) => join('docs', link)));
  expect(documents.filter((path) => path.startsWith('docs/') && path !== INDEX && !named.has(path))).toEqual([]);
});
