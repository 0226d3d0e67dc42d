/** `npm test` runs the tests of all workspaces that have some, with one report and one exit code. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { projects: ['server', 'client'], reporters: ['default'] },
});
