import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // As the server has it, beside whose tests these run.
    maxWorkers: 2,
  },
});
