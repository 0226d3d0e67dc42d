/** Signs in with email address and password. */
import { Form } from '@base-ui/react/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { signIn } from '../../api/commands.ts';
import { useProblemText } from '../problem-text.ts';
import { Button } from '../ui/button.tsx';
import { Message } from '../ui/states.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useEntrance } from './entrance.ts';

export function SignInForm({ next }: { readonly next: string | undefined }) {
  const t = useTranslations('signIn');
  const textOf = useProblemText();
  const enter = useEntrance(next);
  const attempt = useMutation({ mutationFn: signIn, onSuccess: enter });
  return (
    <Form
      className="grid gap-5"
      onFormSubmit={({ email, password }) => attempt.mutate({ email: String(email), password: String(password) })}
    >
      <TextField
        name="email"
        label={t('email')}
        type="email"
        autoComplete="username"
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
