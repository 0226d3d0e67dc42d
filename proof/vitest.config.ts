import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.proof.ts'],
    globalSetup: ['../server/test/support/database.global.ts'],
    pool: 'forks',
    // Proofs load the machine on purpose; two at once would be each other's fault.
    maxWorkers: 1,
    fileParallelism: false,
    hookTimeout: 300_000,
  },
});
