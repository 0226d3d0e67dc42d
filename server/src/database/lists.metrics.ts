/** What is told Prometheus of lists and replicas. A replica is named by its host, of which the settings have eight at most. */
import { Counter, Gauge, type Registry } from 'prom-client';

/** Why a list was read where it was: the rest is of the primary. */
export type Reason = 'current' | 'none' | 'busy' | 'behind' | 'failed';

export interface ListMetrics {
  read(reason: Reason): void;
  looked(replica: string, isUsable: boolean, lagMs: number): void;
}

export function createListMetrics(registry: Registry): ListMetrics {
  const registers = [registry];
  const reads = new Counter({
    name: 'openrun_list_reads_total',
    help: 'Lists that a replica may answer, by who did and why; counted where there are replicas',
    labelNames: ['origin', 'reason'],
    registers,
  });
  const usable = new Gauge({
    name: 'openrun_replica_usable',
    help: 'Whether lists are read from the replica: 1 or 0; with several processes, whether all of them do',
    labelNames: ['replica'],
    registers,
    aggregator: 'min',
  });
  const lag = new Gauge({
    name: 'openrun_replica_lag_seconds',
    help: 'How long the replica takes to replay what the primary has written, looked at once a second',
    labelNames: ['replica'],
    registers,
    aggregator: 'max',
  });
  return {
    read: (reason) => reads.inc({ origin: reason === 'current' ? 'replica' : 'primary', reason }),
    looked: (replica, isUsable, lagMs) => {
      usable.set({ replica }, isUsable ? 1 : 0);
      lag.set({ replica }, lagMs / 1000);
    },
  };
}
