/** Shows what was asked for once it is there, and its absence until then. */
import type { ReactNode } from 'react';
import { ErrorState, Skeletons } from '../../shop/ui/states.tsx';

interface LoadedProps<Data> {
  readonly query: { readonly data: Data | undefined; readonly error: Error | null; readonly refetch: () => unknown };
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
}

export function Loaded<Data>({ query: { data, error, refetch }, lines = 4, children }: LoadedProps<Data>) {
  if (data !== undefined) return children(data);
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className="grid grid-cols-1 gap-2">
      <Skeletons count={lines} className="h-8" />
    </div>
  );
}
