/** Makes an account, which signs in at once. */
import { Form } from '@base-ui/react/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { signUp } from '../../api/commands.ts';
import { useProblemText } from '../problem-text.ts';
import { Button } from '../ui/button.tsx';
import { Message } from '../ui/states.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useEntrance } from './entrance.ts';

const NAME_MAX = 100;
const PASSWORD_MIN = 8;
const PASSWORD_MAX = 128;

export function SignUpForm({ next }: { readonly next: string | undefined }) {
  const t = useTranslations('signUp');
  const fields = useTranslations('signIn');
  const textOf = useProblemText();
  const enter = useEntrance(next);
  const attempt = useMutation({ mutationFn: signUp, onSuccess: enter });
  return (
    <Form
      className="grid gap-5"
      onFormSubmit={({ name, email, password }) => attempt.mutate({ name: String(name), email: String(email), password: String(password) })}
    >
      <TextField
        name="name"
        label={t('name')}
        hint={t('nameHint')}
        autoComplete="name"
        required
        maxLength={NAME_MAX}
        errors={{ valueMissing: t('nameMissing') }}
      />
      <TextField
        name="email"
        label={fields('email')}
        type="email"
        autoComplete="username"
        required
        errors={{ valueMissing: fields('emailMissing'), typeMismatch: fields('emailWrong') }}
      />
      <TextField
        name="password"
        label={fields('password')}
        hint={t('passwordHint', { min: PASSWORD_MIN })}
        type="password"
        autoComplete="new-password"
        required
        minLength={PASSWORD_MIN}
        maxLength={PASSWORD_MAX}
        errors={{ valueMissing: fields('passwordMissing'), tooShort: t('passwordShort', { min: PASSWORD_MIN }) }}
      />
      {attempt.error !== null && !attempt.isPending && <Message tone="error">{textOf(attempt.error)}</Message>}
      <Button type="submit" isPending={attempt.isPending}>
        {t('submit')}
      </Button>
    </Form>
  );
}
