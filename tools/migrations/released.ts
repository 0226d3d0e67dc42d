/**
 * Migrations that are released: databases have run them, so they stay as they are, byte for byte. Those from before there were rules keep the offences that
 * are listed with them; they ran at a start with nobody to wait, or on tables that were small then.
 */

export interface Released {
  readonly file: string;
  readonly sha256: string;
  /** The rules it does not keep. */
  readonly offends: readonly string[];
}

export const RELEASED: readonly Released[] = [
  { file: '0001_initial.sql', sha256: 'dd5967797d8c04f0f9d2701138079708eceb6610b0a88f49a6583db3840c8e0d', offends: [] },
  { file: '0002_account.sql', sha256: 'e436f96754f557eaf39d75b8e890550ace26a0f127afb3451017a809d301eb15', offends: [] },
  {
    file: '0003_plans.sql',
    sha256: 'd1d4c28e88d8be6ab3255c795f6cf5454ec4d18c809368b6a76094576436152a',
    offends: ['drop-index-concurrently', 'index-concurrently'],
  },
  {
    file: '0004_transmission.sql',
    sha256: 'cc6c728bf9ac2e06287c6bf6bd5d61c4d689f6119747596fcfc33eb70eee0401',
    offends: ['backfill', 'drop-index-concurrently', 'index-concurrently'],
  },
  {
    file: '0005_back_office.sql',
    sha256: '547c7a8d35354c460fd59f4182eb02d58e2b3769f29a97b5f92d30fb1813b7c2',
    offends: ['index-concurrently'],
  },
  { file: '0006_journal.sql', sha256: '2a042c75f62854f9cc8714d7e657981cd9f9b1f650e7cdf08e9f3dedbe0e0a09', offends: ['index-concurrently'] },
  { file: '0007_outbox_batch.sql', sha256: '55c65263de8ac5a69126c8c7317693712464d81af1be1e0350426267d91f448c', offends: [] },
  { file: '0008_traceparent.sql', sha256: '4b675c992e2ab2cba3134e1239e8d0a94f7e6d83b1d48d8d6a723caada2100d6', offends: [] },
];
