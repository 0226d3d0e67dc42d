/** Time that passes on the screen, by the server's clock. */
import { useEffect, useState } from 'react';
import { serverNow } from '../api/server-clock.ts';

const SECOND_MS = 1000;

/** The server's time, shown anew at the turn of each of its seconds. */
export function useServerNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    let timer = 0;
    const tick = (): void => {
      const current = serverNow();
      setNow(current);
      timer = window.setTimeout(tick, SECOND_MS - (current % SECOND_MS) + 1);
    };
    tick();
    return () => clearTimeout(timer);
  }, []);
  return now;
}

/** Milliseconds until then, at least 0; changes at least once a second and at the end itself. */
export function useRemaining(until: string): number {
  const end = Date.parse(until);
  const [remaining, setRemaining] = useState(() => remainingTo(end));
  useEffect(() => {
    let timer = 0;
    const tick = (): void => {
      const left = remainingTo(end);
      setRemaining(left);
      if (left > 0) timer = window.setTimeout(tick, left % SECOND_MS || SECOND_MS);
    };
    tick();
    return () => clearTimeout(timer);
  }, [end]);
  return remaining;
}

function remainingTo(end: number): number {
  return Math.max(0, end - serverNow());
}
