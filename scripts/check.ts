/** Runs every check of the source, one after the other, and sums them up: `npm run check`. */
import { spawnSync } from 'node:child_process';

/** The checks, as scripts of the root `package.json`. */
const CHECKS = ['types', 'lint', 'format:check', 'deadcode', 'openapi:check', 'api-types:check', 'migrations:check', 'prove:seeded:check'];

const failed = CHECKS.filter((name) => {
  console.log(`\n── ${name}`);
  const startedAt = Date.now();
  const { status } = spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok' : 'FAILED'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  return status !== 0;
});

console.log(
  `\n${CHECKS.length - failed.length} of ${CHECKS.length} checks passed${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`,
);
process.exit(failed.length > 0 ? 1 : 0);
