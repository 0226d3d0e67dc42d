/** A write of the back office: everything that staff see is asked for anew after it, and a notice says that it is done. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notify } from '../shop/notices.ts';

interface WriteOptions<Input, Output> {
  readonly run: (input: Input) => Promise<Output>;
  /** What the notice says. */
  readonly done?: (output: Output, input: Input) => string;
  readonly onDone?: (output: Output) => void;
}

export function useWrite<Output, Input = void>({ run, done, onDone }: WriteOptions<Input, Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: (output, input) => {
      if (done !== undefined) notify(done(output, input));
      onDone?.(output);
    },
    // After a refusal, too: it says that something is not what the page shows.
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['staff'] });
    },
  });
}
