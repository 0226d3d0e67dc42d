/** Starts a part of the house: its words, its queries and its pages. */
import '../styles/shop.css';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Messages } from 'use-intl';
import { noticeEnd } from '../api/queries.ts';
import { currentLanguage, type Language } from '../i18n/language.ts';
import { LanguageProvider } from '../i18n/language-provider.tsx';
import { showTheme } from './theme.ts';

/** Renders `pages` once the words of the visitor's language are there. */
export async function start(pages: ReactNode, load: (language: Language) => Promise<Messages>): Promise<void> {
  showTheme();
  // Text is shown in the fonts that the device has until these are there.
  void import('../styles/fonts.css');
  const language = currentLanguage();
  const messages = await load(language);
  const place = document.querySelector('#app');
  if (place === null) throw new Error('the page has no place for what it shows');
  createRoot(place).render(
    <LanguageProvider initial={{ language, messages }} load={load}>
      <QueryClientProvider client={createQueries()}>{pages}</QueryClientProvider>
    </LanguageProvider>,
  );
}

function createQueries(): QueryClient {
  const onError = (error: unknown): void => noticeEnd(client, error);
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // The client asks again by itself.
      queries: { retry: false },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}
