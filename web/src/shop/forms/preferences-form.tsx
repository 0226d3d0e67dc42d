/** Language and appearance. */
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useId } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { chooseLanguage } from '../../i18n/language.ts';
import { chooseTheme, THEMES, useTheme } from '../theme.ts';

/** Each in its own tongue, so that everybody finds theirs. */
const LANGUAGES = [
  { value: 'ko', label: '한국어' },
  { value: 'en', label: 'English' },
] as const;

export function PreferencesForm() {
  const t = useTranslations('preferences');
  const theme = useTheme();
  const language = useLocale();
  return (
    <div className="grid gap-6 sm:grid-cols-2">
      <Choice label={t('language')} choices={LANGUAGES} value={language} onChange={chooseLanguage} />
      <Choice label={t('theme')} choices={THEMES.map((value) => ({ value, label: t(value) }))} value={theme} onChange={chooseTheme} />
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, choices, value, onChange }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <div className="grid content-start gap-2.5">
      <h2 id={id} className="font-bold">
        {label}
      </h2>
      <RadioGroup
        aria-labelledby={id}
        value={value}
        onValueChange={(next: Value) => onChange(next)}
        className="grid auto-cols-fr grid-flow-col rounded-control border border-line-strong bg-surface p-1"
      >
        {choices.map((choice) => (
          <Radio.Root
            key={choice.value}
            value={choice.value}
            className="grid min-h-11 place-items-center rounded-[7px] px-2 font-semibold text-soft transition-colors data-checked:bg-ink data-checked:text-on-ink not-data-checked:hover:text-ink"
          >
            {choice.label}
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  );
}
