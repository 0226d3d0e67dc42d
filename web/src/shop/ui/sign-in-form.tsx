/** Signs in with email address and password. */
import { Form } from '@base-ui/react/form';
import type { AccountUser } from '@openrun/client';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { signIn } from '../../api/commands.ts';
import { useProblemText } from '../problem-text.ts';
import { Button } from './button.tsx';
import { Message } from './states.tsx';
import { TextField } from './text-field.tsx';

interface SignInFormProps {
  /** Who was signed in before. */
  readonly email?: string;
  readonly onEntered: (user: AccountUser) => void;
}

export function SignInForm({ email = '', onEntered }: SignInFormProps) {
  const t = useTranslations('signIn');
  const textOf = useProblemText();
  const attempt = useMutation({ mutationFn: signIn, onSuccess: onEntered });
  return (
    <Form
      className="grid grid-cols-1 gap-5"
      onFormSubmit={(typed) => attempt.mutate({ email: String(typed.email), password: String(typed.password) })}
    >
      <TextField
        name="email"
        label={t('email')}
        type="email"
        autoComplete="username"
        defaultValue={email}
        required
        errors={{ valueMissing: t('emailMissing'), typeMismatch: t('emailWrong') }}
      />
      <TextField
        name="password"
        label={t('password')}
        type="password"
        autoComplete="current-password"
        required
        errors={{ valueMissing: t('passwordMissing') }}
      />
      {attempt.error !== null && !attempt.isPending && <Message tone="error">{textOf(attempt.error)}</Message>}
      <Button type="submit" isPending={attempt.isPending}>
        {t('submit')}
      </Button>
    </Form>
  );
}
