/** Gives the pages their words and formats, and changes them in place when another language is chosen. */
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { IntlProvider, type Messages } from 'use-intl';
import { currentLanguage, type Language, onLanguageChange } from './language.ts';

interface Spoken {
  readonly language: Language;
  readonly messages: Messages;
}

const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface LanguageProviderProps {
  readonly initial: Spoken;
  readonly load: (language: Language) => Promise<Messages>;
  readonly children: ReactNode;
}

export function LanguageProvider({ initial, load, children }: LanguageProviderProps) {
  const wanted = useSyncExternalStore(onLanguageChange, currentLanguage);
  const [spoken, setSpoken] = useState(initial);
  useEffect(() => {
    let isLatest = true;
    const speak = async (): Promise<void> => {
      const messages = await load(wanted);
      if (isLatest) setSpoken({ language: wanted, messages });
    };
    void speak();
    return () => {
      isLatest = false;
    };
  }, [wanted, load]);
  return (
    <IntlProvider locale={spoken.language} messages={spoken.messages} timeZone={TIME_ZONE}>
      {children}
    </IntlProvider>
  );
}
