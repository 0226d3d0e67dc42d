/** Language and appearance, as two small choices in the side bar. */
import { useLocale, useTranslations } from 'use-intl';
import { chooseLanguage } from '../../i18n/language.ts';
import { chooseTheme, THEMES, useTheme } from '../../shop/theme.ts';
import { SelectInput } from './field.tsx';

/** Each in its own tongue, so that everybody finds theirs. */
const LANGUAGES = [
  { value: 'ko', label: '한국어' },
  { value: 'en', label: 'English' },
] as const;

export function Preferences() {
  const t = useTranslations('preferences');
  const theme = useTheme();
  const language = useLocale();
  return (
    <div className="grid grid-cols-2 gap-2">
      <SelectInput label={t('language')} isLabelHidden choices={LANGUAGES} value={language} onChange={chooseLanguage} />
      <SelectInput
        label={t('theme')}
        isLabelHidden
        choices={THEMES.map((value) => ({ value, label: t(value) }))}
        value={theme}
        onChange={chooseTheme}
      />
    </div>
  );
}
