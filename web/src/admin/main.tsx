/** The back office's entry. */
import '../styles/shop.css';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { Problem } from '../api/problem.ts';
import { sessionQuery } from '../api/queries.ts';
import { currentLanguage } from '../i18n/language.ts';
import { showTheme } from '../shop/theme.ts';
import { LanguageProvider } from './i18n/language-provider.tsx';
import { loadMessages } from './i18n/messages.ts';
import { router } from './router.tsx';

const RETRIES_MAX = 2;

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      // The session ended meanwhile: ask who is signed in, and the shell says the rest.
      if (error instanceof Problem && error.status === 401) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  }),
  defaultOptions: {
    queries: { retry: (failures, error) => failures < RETRIES_MAX && error instanceof Problem && error.isOpen },
    mutations: { retry: false, networkMode: 'always' },
  },
});

showTheme();
// Text is shown in the fonts that the device has until these are there.
void import('../styles/fonts.css');
void start();

async function start(): Promise<void> {
  const language = currentLanguage();
  const messages = await loadMessages(language);
  const place = document.querySelector('#app');
  if (place === null) throw new Error('the page has no place for the back office');
  createRoot(place).render(
    <LanguageProvider initial={{ language, messages }}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </LanguageProvider>,
  );
}
