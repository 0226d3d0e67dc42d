/** A form that sends once, and says what was wrong with what it sent. */
import { Form } from '@base-ui/react/form';
import { Problem } from '@openrun/client';
import type { ReactNode } from 'react';
import { useProblemText } from '../../shop/problem-text.ts';
import { Message } from '../../shop/ui/states.tsx';
import { Button } from './button.tsx';

interface WriteFormProps {
  readonly submit: string;
  readonly look?: 'primary' | 'danger';
  readonly attempt: { readonly error: Error | null; readonly isPending: boolean };
  readonly onSubmit: () => void;
  readonly cancel?: ReactNode;
  readonly children: ReactNode;
}

export function WriteForm({ submit, look = 'primary', attempt, onSubmit, cancel, children }: WriteFormProps) {
  return (
    <Form
      className="grid grid-cols-1 gap-4"
      onFormSubmit={() => {
        if (!attempt.isPending) onSubmit();
      }}
    >
      {children}
      {attempt.error !== null && !attempt.isPending && <ProblemMessage error={attempt.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        {cancel}
        <Button type="submit" look={look} isPending={attempt.isPending}>
          {submit}
        </Button>
      </div>
    </Form>
  );
}

/** What was refused, and which fields the server names. */
export function ProblemMessage({ error }: { readonly error: Error }) {
  const textOf = useProblemText();
  const fields = error instanceof Problem && error.document?.code === 'VALIDATION_FAILED' ? error.document.errors : [];
  return (
    <Message tone="error">
      {textOf(error)}
      {fields.length > 0 && (
        <ul className="mt-1 list-disc pl-5 text-sm">
          {fields.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </Message>
  );
}
