/** The same histories with one transaction a request, so that all clients contend for the rows themselves (see checker.ts). */
import { prove } from '../support/proof.ts';
import { recordAndCheck } from './record.ts';

prove(
  'two servers without batches',
  {
    promise: 'What concurrent clients are told is true without group commit, too',
    how: '16 clients at two servers on one database, one transaction a request, 400 operations a history; a checker replays what each was told',
    unit: 'histories',
    short: 2,
    long: 200,
  },
  (trial) => recordAndCheck(trial, [1]),
);
