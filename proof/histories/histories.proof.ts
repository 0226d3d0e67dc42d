/** Histories of concurrent clients against two servers on one database, each held against the promises of the shop (see checker.ts). */
import { prove } from '../support/proof.ts';
import { recordAndCheck } from './record.ts';

prove(
  'two servers',
  {
    promise:
      'What concurrent clients are told is true: every acknowledgement is kept once, in the order of real time, and no refusal or read is false',
    how: '16 clients write and read at two servers on one database, 400 operations a history; a checker replays what each was told',
    unit: 'histories',
    short: 3,
    long: 300,
  },
  (trial) => recordAndCheck(trial, [256, 4]),
);
