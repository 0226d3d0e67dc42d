/** How the doctor tells what it found: lines for people, JSON for machines. */
import { worstOf } from './doctor.rules.ts';
import type { Finding } from './doctor.types.ts';

const LEVEL_WIDTH = 'problem'.length;
const CHECK_WIDTH = 'failed-deliveries'.length;

/** A line a finding, what to do under it, and the sum. */
export function asText(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, level, message, advice }) => {
    const line = `${level.padEnd(LEVEL_WIDTH)}  ${check.padEnd(CHECK_WIDTH)}  ${message}`;
    return advice === null ? [line] : [line, `${' '.repeat(LEVEL_WIDTH + CHECK_WIDTH + 4)}→ ${advice}`];
  });
  const count = (level: Finding['level']): number => findings.filter((finding) => finding.level === level).length;
  return [...lines, `doctor: ${count('problem')} problems, ${count('warning')} warnings, ${count('ok')} ok`].join('\n');
}

/** `{ status, checks: [{ check, level, message, advice }] }`; the status is the worst of the levels. */
export function asJson(findings: readonly Finding[]): string {
  return JSON.stringify({ status: worstOf(findings), checks: findings }, null, 2);
}
