/** The documentation of the problem codes, which the `type` of every problem document leads to. */
import type { Language } from '../http/language.ts';
import { present } from '../kernel/assert.ts';
import type { ProblemCatalogue } from '../kernel/errors.ts';
import { html, type Markup, renderPage } from './html.ts';

const LANGUAGES: Readonly<Record<Language, readonly Language[]>> = { en: ['en', 'ko'], ko: ['ko', 'en'] };
const WORDS = {
  en: { all: 'Problem codes', status: 'HTTP status', code: 'Code', meaning: 'Meaning' },
  ko: { all: '오류 코드', status: 'HTTP 상태', code: '코드', meaning: '의미' },
} as const;

/** A code for programs. */
export function describeProblem(catalogue: ProblemCatalogue, code: string) {
  const { status, title, detail } = present(catalogue[code], `the problem ${code}`);
  return { type: `/problems/${code}`, code, status, title, detail };
}

/** The page of one code. */
export function renderProblem(catalogue: ProblemCatalogue, code: string, language: Language): string {
  const { status, title, detail } = present(catalogue[code], `the problem ${code}`);
  const words = WORDS[language];
  const meanings = LANGUAGES[language].map(
    (spoken) => html`<section lang="${spoken}">
      <h2>${title[spoken]}</h2>
      <p>${detail[spoken]}</p>
    </section>`,
  );
  return renderDocumentation(
    language,
    code,
    html`<p><a href="/problems">${words.all}</a></p>
    <h1>${code}</h1>
    <p>${words.status} ${status}</p>
    ${meanings}`,
  );
}

/** The page of all codes. */
export function renderProblems(catalogue: ProblemCatalogue, codes: readonly string[], language: Language): string {
  const words = WORDS[language];
  const rows = codes.map((code) => {
    const { status, title } = describeProblem(catalogue, code);
    const titles = LANGUAGES[language].map((spoken) => html`<div lang="${spoken}">${title[spoken]}</div>`);
    return html`<tr><td><a href="/problems/${code}"><code>${code}</code></a></td><td>${status}</td><td>${titles}</td></tr>`;
  });
  return renderDocumentation(
    language,
    words.all,
    html`<h1>${words.all}</h1>
    <table>
      <thead><tr><th>${words.code}</th><th>${words.status}</th><th>${words.meaning}</th></tr></thead>
      <tbody>${rows}</tbody>
    </table>`,
  );
}

function renderDocumentation(language: Language, title: string, body: Markup): string {
  return renderPage({
    language,
    title: `${title} · Openrun`,
    head: html`<link rel="stylesheet" href="/pages/pages.css">`,
    body: html`<main class="text">${body}</main>`,
  });
}
