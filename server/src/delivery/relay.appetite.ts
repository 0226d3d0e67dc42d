/** Whether a lane will soon have taken what there is for it, so that more should be made of the outbox while it still works on the last. */
import type { Breaker } from './relay.breaker.ts';
import type { Sink } from './sinks/sink.ts';

export interface Appetite {
  /** There are so many new deliveries, or fewer: some may be for others. */
  offered(deliveries: number): void;
  /** So many were taken; `isMore`: as many were due as were asked for. */
  took(deliveries: number, isMore: boolean): void;
  isHungry(): boolean;
}

export function createAppetite({ concurrency }: Sink, breaker: Breaker): Appetite {
  let ahead = 0;
  return {
    offered: (deliveries) => {
      ahead += deliveries;
    },
    took: (deliveries, isMore) => {
      ahead = isMore ? Math.max(0, ahead - deliveries) : 0;
    },
    isHungry: () => ahead < concurrency && breaker.isClosed(),
  };
}
