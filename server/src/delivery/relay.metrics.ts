/** What the relay tells Prometheus. Labels are names of destinations, which are few. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Backlog } from './delivery.types.ts';

export interface RelayMetrics {
  attempted(destination: string, outcome: 'delivered' | 'failed', seconds: number): void;
  waiting(backlog: readonly Backlog[]): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

export function createRelayMetrics(registry: Registry): RelayMetrics {
  const registers = [registry];
  const attempts = new Counter({
    name: 'openrun_delivery_attempts_total',
    help: 'Attempts of this process to deliver, by destination and outcome',
    labelNames: ['destination', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'openrun_delivery_attempt_seconds',
    help: 'Duration of attempts to deliver',
    labelNames: ['destination'],
    buckets: SECONDS,
    registers,
  });
  // The processes of one machine tell one figure together; these are the same in each.
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['destination'], registers, aggregator: 'max' });
  const pending = gauge('openrun_delivery_backlog', 'Deliveries that wait; the same in every process');
  const failed = gauge('openrun_delivery_failed', 'Deliveries that failed for good and were not replayed; the same in every process');
  const lag = gauge(
    'openrun_delivery_lag_seconds',
    'Age of the oldest event that waits, 0 where the destination was turned off; the same in every process',
  );
  return {
    attempted: (destination, outcome, seconds) => {
      attempts.inc({ destination, outcome });
      duration.observe({ destination }, seconds);
    },
    waiting: (backlog) => {
      for (const of of backlog) {
        const label = { destination: of.destination };
        pending.set(label, of.pending);
        failed.set(label, of.failed);
        lag.set(label, of.lagSeconds);
      }
    },
  };
}
