/** The defects that are seeded: what each breaks, and who has to see it. */
import { hash } from 'node:crypto';

export interface Defect {
  /** The name of its patch. */
  readonly name: string;
  /** What is broken, as a sentence. */
  readonly broken: string;
  /** The file of the test or proof that has to see it. */
  readonly caughtBy: string;
  /** A pattern of the names of those of its tests that are needed; null: all. */
  readonly test: string | null;
}

const HEADER = /^Broken: (.+)\nCaught by: (\S+)\n(?:Test: (.+)\n)?\n/;

/** Reads the headers of patches. Throws where one has none. */
export function defectsIn(patches: readonly { readonly name: string; readonly text: string }[]): Defect[] {
  const defects = patches.map(({ name, text }) => {
    const [, broken, caughtBy, pattern = null] = HEADER.exec(text) ?? [];
    if (broken === undefined || caughtBy === undefined) throw new Error(`${name} does not say what it breaks and who sees it`);
    return { name, broken, caughtBy, test: pattern };
  });
  return defects.toSorted((one, other) => one.name.localeCompare(other.name));
}

/** `count` of the defects, which `turn` chooses, each as likely as any other. */
export function rotated(defects: readonly Defect[], count: number, turn: string): Defect[] {
  if (!Number.isSafeInteger(count) || count < 1) throw new Error('--rotate is a whole number above zero');
  const place = ({ name }: Defect): string => hash('sha256', `${turn} ${name}`);
  return defects.toSorted((one, other) => place(one).localeCompare(place(other))).slice(0, count);
}

export function seededTable(defects: readonly Defect[]): string {
  const lines = defects.map(({ name, broken, caughtBy }) => `| \`${name}\` | ${broken} | \`${caughtBy}\` |`);
  return ['| Defect | What is broken | Seen by |', '| --- | --- | --- |', ...lines].join('\n');
}
