/** Gives the pages their words and formats, and changes them in place when another language is chosen. */
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { IntlProvider } from 'use-intl';
import { currentLanguage, type Language, onLanguageChange } from '../../i18n/language.ts';
import { loadMessages, type Messages } from './messages.ts';

interface Spoken {
  readonly language: Language;
  readonly messages: Messages;
}

const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function LanguageProvider({ initial, children }: { readonly initial: Spoken; readonly children: ReactNode }) {
  const wanted = useSyncExternalStore(onLanguageChange, currentLanguage);
  const [spoken, setSpoken] = useState(initial);
  useEffect(() => {
    let isLatest = true;
    const speak = async (): Promise<void> => {
      const messages = await loadMessages(wanted);
      if (isLatest) setSpoken({ language: wanted, messages });
    };
    void speak();
    return () => {
      isLatest = false;
    };
  }, [wanted]);
  return (
    <IntlProvider locale={spoken.language} messages={spoken.messages} timeZone={TIME_ZONE}>
      {children}
    </IntlProvider>
  );
}
