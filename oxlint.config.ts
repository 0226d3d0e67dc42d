/** The linter's rules, and the house: which layer of the server may import which. */
import { defineConfig, type OxlintOverride } from 'oxlint';

/** The back door to `process.env`, which `node/no-process-env` does not see. */
const ENVIRONMENT = [{ name: 'node:process', importNames: ['env'], message: 'config.ts alone reads the environment.' }];

/** What the files of one layer may import from outside their own folder; anything that is not named is refused. */
interface Layer {
  readonly files: string;
  /** The sentence that is shown when an import is refused. */
  readonly why: string;
  /** Imports that leave the folder, as patterns of `.gitignore`'s kind. */
  readonly may: readonly string[];
  /** Imports that leave the folder and must be `import type`. */
  readonly typesOf?: readonly string[];
  /** Imports that are refused wherever they lead, packages included. */
  readonly never?: readonly string[];
}

/** The override that refuses every import that `layer` does not name. Of several that fit a file, oxlint uses the last. */
function layer({ files, why, may, typesOf = [], never = [] }: Layer): OxlintOverride {
  const regex = `^(${typesOf.map((pattern) => pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]+')).join('|')})$`;
  const patterns = [
    ...(typesOf.length > 0 ? [{ regex, allowTypeImports: true, message: `Only its types: import type. ${why}` }] : []),
    ...(never.length > 0 ? [{ group: [...never], message: why }] : []),
    // Last, because an import that a group's negation names is not tried against the patterns after it.
    { group: ['../**', ...[...may, ...typesOf].map((pattern) => `!${pattern}`)], message: why },
  ];
  return { files: [files], rules: { 'no-restricted-imports': ['error', { paths: ENVIRONMENT, patterns }] } };
}

const RULES_OF_OTHERS = ['../*/*.rules.ts', '../*/*.types.ts'];
const SETTINGS = '../config.ts';
const DRIVER_AND_FASTIFY = ['pg', 'fastify', '@fastify/*'];

const HOUSE: OxlintOverride[] = [
  layer({
    files: 'server/src/*/**',
    why: 'Imports run one way: api → service → rules, repository → database; between features only through service, events, errors and types.',
    may: ['../commit/**', '../database/**', '../kernel/**', '../*/*.service.ts', '../*/*.events.ts', '../*/*.errors.ts'],
    typesOf: [...RULES_OF_OTHERS, SETTINGS],
    never: ['./*.api.ts', ...DRIVER_AND_FASTIFY],
  }),
  layer({
    files: 'server/src/delivery/sinks/**',
    why: 'A sink knows what it delivers and nothing else.',
    may: ['../../kernel/**'],
    typesOf: ['../destination.types.ts', '../event.types.ts'],
  }),
  layer({ files: 'server/src/kernel/**', why: 'kernel imports nothing of ours.', may: [] }),
  layer({ files: 'server/src/database/**', why: 'database imports kernel only.', may: ['../kernel/**'] }),
  layer({ files: 'server/src/commit/**', why: 'commit imports database and kernel only.', may: ['../database/**', '../kernel/**'] }),
  layer({
    files: 'server/src/http/**',
    why: 'http imports commit, database and kernel only; it knows no feature.',
    may: ['../commit/**', '../database/**', '../kernel/**'],
    typesOf: [SETTINGS],
  }),
  layer({
    files: 'server/src/pages/**',
    why: 'Pages are documents about the shop, not the shop: they import http and kernel only.',
    may: ['../http/**', '../kernel/**'],
    never: ['./*.api.ts', 'pg'],
  }),
  layer({
    files: 'server/src/{demo,replay}/**',
    why: 'demo and replay use services, or the HTTP API from outside.',
    may: ['../kernel/**', '../*/*.service.ts', '../*/*.errors.ts'],
    typesOf: [...RULES_OF_OTHERS, SETTINGS, '../app.ts'],
    never: DRIVER_AND_FASTIFY,
  }),
  layer({
    files: 'server/src/scheduler/**',
    why: 'The scheduler calls services; retention deletes through the repositories that own what is old.',
    may: ['../commit/**', '../database/**', '../kernel/**', '../*/*.service.ts', '../*/*.repository.ts'],
  }),
  layer({
    files: 'server/src/tracing/**',
    why: 'Tracing hears of what happens and asks for nothing.',
    may: [],
    typesOf: [SETTINGS, '../commit/watch.ts', '../delivery/relay.repository.ts', '../delivery/relay.watch.ts', '../http/request-trace.ts'],
  }),
  layer({
    files: 'server/src/doctor/**',
    why: 'The doctor only reads: by its own queries, by the audit, and what the relay and retention count.',
    may: ['../audit/{audit,invariants}.ts', '../database/**', '../delivery/*.repository.ts', '../kernel/**', '../scheduler/retention.ts'],
    typesOf: [SETTINGS, '../*/*.types.ts'],
  }),
  layer({
    files: 'server/src/*/*.rules.ts',
    why: 'Rules are pure: they import kernel, errors, types and other rules, and nothing that reads or writes.',
    may: ['../kernel/**', '../*/*.errors.ts', '../*/*.rules.ts'],
    typesOf: ['../*/*.types.ts', '../commit/commit.types.ts'],
    never: ['./*.{api,service,repository,schemas}.ts', 'node:*', 'node:*/*', ...DRIVER_AND_FASTIFY],
  }),
  layer({
    files: 'server/src/*/*.errors.ts',
    why: 'Errors are a table of codes: they import kernel only.',
    may: ['../kernel/**'],
    never: ['./*.{api,service,repository,rules,schemas}.ts'],
  }),
  layer({
    files: 'server/src/*/*.repository.ts',
    why: 'Repositories import database, kernel and types of rules only; each owns its tables alone.',
    may: ['../database/**', '../kernel/**'],
    typesOf: RULES_OF_OTHERS,
    never: ['./*.{api,service,schemas}.ts', ...DRIVER_AND_FASTIFY],
  }),
  layer({
    files: 'server/src/*/*.schemas.ts',
    why: 'Schemas describe the wire: they import kernel, schemas and types of rules only.',
    may: ['../kernel/**', '../http/schemas.ts', '../*/*.schemas.ts'],
    typesOf: RULES_OF_OTHERS,
    never: ['./*.{api,service,repository}.ts', ...DRIVER_AND_FASTIFY],
  }),
  layer({
    files: 'server/src/*/*.api.ts',
    why: 'Routes import http, schemas, errors and their own service; of other features, types only.',
    may: ['../commit/**', '../http/**', '../kernel/**', '../*/*.errors.ts', '../*/*.schemas.ts'],
    typesOf: ['../*/*.service.ts', ...RULES_OF_OTHERS, SETTINGS],
    never: ['./*.repository.ts', 'pg'],
  }),
  layer({ files: 'client/{src,examples}/**', why: 'The client knows the server by its document only.', may: [] }),
  layer({ files: 'web/src/i18n/**', why: 'i18n imports nothing of ours.', may: [] }),
  layer({ files: 'web/src/api/**', why: 'api knows the server and the language, and nothing of the pages.', may: ['../i18n/**'] }),
  layer({
    files: 'web/src/shop/*.{ts,tsx}',
    why: 'The shop imports api and i18n.',
    may: ['../api/**', '../i18n/**', '../styles/*.css'],
  }),
  layer({
    files: 'web/src/shop/ui/**',
    why: 'Pieces of pages import no forms and no pages.',
    may: ['../*.ts', '../../api/**', '../../i18n/**'],
  }),
  layer({
    files: 'web/src/shop/forms/**',
    why: 'Forms import pieces of pages, and no pages.',
    may: ['../*.ts', '../ui/**', '../../api/**', '../../i18n/**'],
  }),
  layer({
    files: 'web/src/admin/*/**',
    why: 'The back office takes pieces from the shop, and neither its pages nor its forms.',
    may: ['../*.ts', '../*/**', '../../api/**', '../../i18n/**', '../../shop/*.ts', '../../shop/ui/**'],
  }),
  layer({
    files: 'web/src/admin/api/**',
    why: 'api knows the server, and nothing of the pages.',
    may: ['../../api/**'],
  }),
  layer({
    files: 'web/src/shop/pages/**',
    why: 'Pages import forms and pieces of pages.',
    may: ['../*.ts', '../forms/**', '../ui/**', '../../api/**', '../../i18n/**'],
  }),
  // Ending the process is what this file is for.
  { files: ['server/src/graceful.ts'], rules: { 'unicorn/no-process-exit': 'off' } },
  {
    files: ['server/src/config.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['./**', '!./config.*.ts', '!./kernel/**'], message: 'config.ts imports its own parts and kernel only.' }] },
      ],
    },
  },
];

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node', 'vitest', 'react', 'jsx-a11y'],
  ignorePatterns: ['**/*.gen.ts'],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    // A function fits on a screen, a file has one subject, and nothing is left for later.
    'max-lines': ['error', { max: 400 }],
    'max-lines-per-function': ['error', { max: 70 }],
    'max-depth': ['error', { max: 4 }],
    'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],

    // Types say the truth.
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-deprecated': 'error',
    'typescript/no-dynamic-delete': 'error',
    'typescript/no-empty-object-type': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-import-type-side-effects': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-function-type': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/no-unsafe-type-assertion': 'error',
    'typescript/prefer-nullish-coalescing': 'error',
    'typescript/restrict-plus-operands': 'error',
    'typescript/switch-exhaustiveness-check': 'error',

    // Promises and errors are never lost.
    'no-promise-executor-return': 'error',
    'typescript/await-thenable': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/prefer-promise-reject-errors': 'error',
    'typescript/return-await': ['error', 'in-try-catch'],
    'typescript/use-unknown-in-catch-callback-variable': 'error',

    // Modules have named exports, no barrels and no cycles.
    'import/no-commonjs': 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'import/no-duplicates': 'error',
    'import/no-dynamic-require': 'error',
    'import/no-mutable-exports': 'error',
    'oxc/no-barrel-file': ['error', { threshold: 0 }],
    'unicorn/prefer-node-protocol': 'error',

    // config.ts alone reads the environment; output goes through the logger; only the entry points end the process.
    'no-console': 'error',
    'node/no-process-env': 'error',
    'no-restricted-imports': ['error', { paths: ENVIRONMENT }],
    'unicorn/no-process-exit': 'error',

    // Plain habits.
    'array-callback-return': 'error',
    curly: ['error', 'multi-line'],
    eqeqeq: 'error',
    'no-constructor-return': 'error',
    'no-else-return': 'error',
    'no-empty': 'error',
    'no-fallthrough': 'error',
    'no-lonely-if': 'error',
    'no-loop-func': 'error',
    'no-param-reassign': 'error',
    'no-self-compare': 'error',
    'no-useless-return': 'error',
    'no-var': 'error',
    'object-shorthand': 'error',
    'prefer-const': 'error',
    'prefer-template': 'error',
    radix: 'error',
    'unicorn/prefer-array-some': 'error',
    'unicorn/prefer-at': 'error',
    'unicorn/prefer-number-properties': 'error',
    'unicorn/prefer-string-slice': 'error',
    'unicorn/throw-new-error': 'error',

    // Batches, retries and pages await in loops on purpose: their order is the point.
    'no-await-in-loop': 'off',
    // `noImplicitReturns` says the same, and knows which switches are exhaustive.
    'typescript/consistent-return': 'off',
    // A helper may stand beside its only use.
    'unicorn/consistent-function-scoping': 'off',
    // JSX is compiled to calls of its runtime.
    'react/react-in-jsx-scope': 'off',
    // A live region is no result of a form, which is what `output` stands for.
    'jsx-a11y/prefer-tag-over-role': 'off',
    // A column of a table says how its cells look: a function that is called, not a component.
    'react/no-unstable-nested-components': ['error', { allowAsProps: true }],
    'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],
    // `pg` is used by its default export, as its documentation does.
    'import/no-named-as-default-member': 'off',
    // TypeScript's own checks on enums of packages are enough; there are none of ours.
    'typescript/no-unsafe-enum-assignment': 'off',
  },
  overrides: [
    // The entry points speak to a terminal and end the process.
    {
      files: [
        'server/src/main.ts',
        'server/src/cli.ts',
        'server/scripts/**',
        'web/scripts/**',
        'scripts/**',
        'tools/*.ts',
        'bench/bench.ts',
        'proof/prove.ts',
        'proof/seeded.ts',
        'proof/report/reporter.ts',
        'client/examples/**',
      ],
      rules: { 'no-console': 'off', 'unicorn/no-process-exit': 'off' },
    },
    { files: ['server/src/config.ts', 'server/test/**', 'scripts/**', 'web/e2e/support/**'], rules: { 'node/no-process-env': 'off' } },
    // A describe() is one function over a whole file; a claim named `sub` is taken for the deprecated method of strings.
    { files: ['{server,client}/test/**'], rules: { 'max-lines-per-function': 'off', 'typescript/no-deprecated': 'off' } },
    // Helpers called expect… assert; a message tells which case of a table failed.
    {
      files: ['{server,client}/test/**'],
      rules: {
        'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*'] }],
        'vitest/valid-expect': ['error', { maxArgs: 2 }],
      },
    },
    // A proof is a test that `prove` declares, in which helpers assert.
    {
      files: ['proof/**'],
      rules: {
        'max-lines-per-function': 'off',
        'vitest/expect-expect': 'off',
        'vitest/no-standalone-expect': 'off',
        'vitest/valid-expect': ['error', { maxArgs: 2 }],
        'vitest/valid-title': 'off',
      },
    },
    // What the pages load is JavaScript without types.
    {
      files: ['server/src/pages/assets/**'],
      rules: {
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-return': 'off',
      },
    },
    // Pages speak to the server through the generated client alone, which knows its types.
    {
      files: ['web/src/**'],
      rules: { 'no-restricted-globals': ['error', { name: 'fetch', message: 'web/src/api/ talks to the server.' }, 'XMLHttpRequest'] },
    },
    // Tools ask for their configuration as a default export.
    { files: ['**/*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    ...HOUSE,
  ],
});
