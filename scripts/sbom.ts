/** Prints what the product is made of, from the lock file, as a CycloneDX document: `npm run --silent sbom > sbom.cdx.json`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

const ARGUMENTS = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only', '--omit', 'dev'];
const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

/** As much of the document as is changed here. */
interface Bom {
  readonly metadata: { readonly component: { name: string; readonly 'bom-ref': string } };
}

function isBom(value: unknown): value is Bom {
  return typeof value === 'object' && value !== null && 'bomFormat' in value && value.bomFormat === 'CycloneDX' && 'metadata' in value;
}

const options = { cwd: new URL('../', import.meta.url), encoding: 'utf8', maxBuffer: OUTPUT_MAX_BYTES } as const;
const bom: unknown = JSON.parse(execFileSync('npm', ARGUMENTS, options));
assert(isBom(bom), 'npm gives a CycloneDX document');
const { component } = bom.metadata;
// npm calls it by the directory that the repository lies in; the reference has its own name, before the version.
component.name = component['bom-ref'].replace(/@[^@]*$/, '');
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
