/**
 * What a migration must not do while servers sell and while servers of the version before still run: wait for a lock with everybody behind it, hold one
 * for as long as a table takes to read, or take away what the others use. `docs/migrations.md` says what to do instead.
 */
import type { AlterTableCmd, ColumnDef, Constraint, Node, RangeVar } from 'libpg-query';
import type { Migration } from './migration.ts';

/** The rules by name, with what to do instead. */
export const RULES = {
  'index-concurrently': 'CREATE INDEX CONCURRENTLY, in a migration without transaction',
  'drop-index-concurrently': 'DROP INDEX CONCURRENTLY, in a migration without transaction',
  'no-transaction': 'what is concurrent needs `-- openrun: no transaction`, and nothing else may be in such a migration',
  'repeatable-index': 'DROP INDEX CONCURRENTLY IF EXISTS of the same name before it, for an index that was cut off stays behind, invalid',
  'volatile-default': 'ADD COLUMN without it, ALTER COLUMN SET DEFAULT, then fill old rows in batches',
  'not-null': 'ADD COLUMN without NOT NULL, or with a constant DEFAULT',
  'set-not-null': 'ADD CHECK (column IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in a later migration, SET NOT NULL after that',
  'not-valid': 'ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later migration',
  'validate-apart': 'VALIDATE CONSTRAINT in a later migration, for it would read the table under the lock of the statement before',
  'constraint-using-index': 'CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX',
  'column-type': 'a new column, filled in batches, and the old one dropped in a contract',
  contract: 'older servers use it: `-- openrun: contract`, in a release after the last that does',
  'lock-table': 'no lock: rules of the data are constraints',
  backfill: 'fill old rows in batches, from the program',
  'own-settings': 'locks, time-outs and transactions are the business of whoever runs the migration',
  'unknown-statement': 'it is not known to be harmless: add it to the rules, or say why with an exception',
} as const;

export type Rule = keyof typeof RULES;

export interface Offence {
  readonly line: number;
  readonly rule: Rule;
}

/** What earlier migrations left, as far as a rule asks. */
export interface History {
  /** Columns, as `table.column`, that a validated CHECK keeps from being null. */
  readonly neverNull: Set<string>;
  /** CHECKs of that kind that are not validated, as `table.constraint`, with their columns. */
  readonly promised: Map<string, string>;
}

type Report = (rule: Rule) => void;

const HARMLESS = new Set([
  'CreateStmt',
  'CommentStmt',
  'CreateEnumStmt',
  'CreateDomainStmt',
  'CreateSeqStmt',
  'ViewStmt',
  'CreateFunctionStmt',
  'GrantStmt',
  'InsertStmt',
  // Its lock keeps writers out, and is held for a moment only.
  'CreateTrigStmt',
]);
const HARMLESS_CHANGES = new Set<string | undefined>([
  'AT_ColumnDefault',
  'AT_DropNotNull',
  'AT_SetStatistics',
  'AT_SetOptions',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_SetRelOptions',
  'AT_DropConstraint',
]);
const COUNTING_TYPES = new Set(['serial', 'bigserial', 'smallserial', 'serial4', 'serial8', 'serial2']);

/** Everything in a migration that a rule forbids, exceptions not heeded; `history` takes what it leaves. */
export function offencesOf(migration: Migration, history: History): Offence[] {
  const offences: Offence[] = [];
  const scope: Scope = { migration, history, made: new Set(), dropped: new Set(), locked: new Set() };
  for (const { node, line } of migration.statements) check(node, scope, (rule) => offences.push({ line, rule }));
  return offences;
}

interface Scope {
  readonly migration: Migration;
  readonly history: History;
  /** Tables of this migration, which nobody else sees. */
  readonly made: Set<string>;
  /** Indexes that it drops concurrently. */
  readonly dropped: Set<string>;
  /** Tables that it has locked until its end. */
  readonly locked: Set<string>;
}

function check(node: Node, scope: Scope, report: Report): void {
  const { migration, made } = scope;
  const isMade = (relation: RangeVar | undefined): boolean => made.has(nameOf(relation));
  if (!migration.inTransaction && !isConcurrent(node)) report('no-transaction');
  if ('CreateStmt' in node) made.add(nameOf(node.CreateStmt.relation));
  else if ('CreateTableAsStmt' in node) report('backfill');
  else if ('IndexStmt' in node) checkIndex(node.IndexStmt, isMade(node.IndexStmt.relation), scope, report);
  else if ('DropStmt' in node) checkDrop(node.DropStmt, scope, report);
  else if ('AlterTableStmt' in node) {
    if (!isMade(node.AlterTableStmt.relation)) checkChanges(node.AlterTableStmt, scope, report);
  } else if ('RenameStmt' in node || 'TruncateStmt' in node) {
    if (!migration.isContract) report('contract');
  } else if ('UpdateStmt' in node) {
    if (!isMade(node.UpdateStmt.relation)) report('backfill');
  } else if ('DeleteStmt' in node) {
    if (!isMade(node.DeleteStmt.relation)) report('backfill');
  } else if ('LockStmt' in node) report('lock-table');
  else if ('VariableSetStmt' in node || 'TransactionStmt' in node) report('own-settings');
  else if (!Object.keys(node).some((kind) => HARMLESS.has(kind))) report('unknown-statement');
}

function isConcurrent(node: Node): boolean {
  if ('IndexStmt' in node) return node.IndexStmt.concurrent === true;
  return 'DropStmt' in node && node.DropStmt.concurrent === true;
}

type Of<Kind extends string> = Node extends infer Each ? (Each extends Record<Kind, infer Statement> ? Statement : never) : never;

function checkIndex(index: Of<'IndexStmt'>, isMade: boolean, { migration, dropped }: Scope, report: Report): void {
  if (index.concurrent !== true) {
    if (!isMade) report('index-concurrently');
    return;
  }
  if (migration.inTransaction) report('no-transaction');
  if (!dropped.has(index.idxname ?? '')) report('repeatable-index');
}

function checkDrop(drop: Of<'DropStmt'>, { migration, made, dropped }: Scope, report: Report): void {
  const names = (drop.objects ?? []).map(lastNameOf);
  if (drop.removeType === 'OBJECT_INDEX') {
    if (drop.concurrent !== true) return report('drop-index-concurrently');
    if (migration.inTransaction) report('no-transaction');
    for (const name of names) dropped.add(name);
  } else if (!migration.isContract && !names.every((name) => made.has(name))) report('contract');
}

function checkChanges({ relation, cmds = [] }: Of<'AlterTableStmt'>, scope: Scope, report: Report): void {
  for (const cmd of cmds) if ('AlterTableCmd' in cmd) checkChange(cmd.AlterTableCmd, nameOf(relation), scope, report);
}

function checkChange(cmd: AlterTableCmd, table: string, scope: Scope, report: Report): void {
  const { migration, history, locked } = scope;
  const column = `${table}.${cmd.name}`;
  if (cmd.subtype === 'AT_ValidateConstraint') {
    if (locked.has(table)) report('validate-apart');
    const kept = history.promised.get(column);
    if (kept !== undefined) history.neverNull.add(kept);
    return;
  }
  locked.add(table);
  if (cmd.subtype === 'AT_AddColumn' && cmd.def !== undefined && 'ColumnDef' in cmd.def) checkColumn(cmd.def.ColumnDef, report);
  else if (cmd.subtype === 'AT_AddConstraint' && cmd.def !== undefined && 'Constraint' in cmd.def) {
    checkConstraint(cmd.def.Constraint, table, history, report);
  } else if (cmd.subtype === 'AT_SetNotNull') {
    if (!history.neverNull.has(column)) report('set-not-null');
  } else if (cmd.subtype === 'AT_AlterColumnType') report('column-type');
  else if (cmd.subtype === 'AT_DropColumn') {
    if (!migration.isContract) report('contract');
  } else if (!HARMLESS_CHANGES.has(cmd.subtype)) report('unknown-statement');
}

function checkColumn({ constraints = [], typeName }: ColumnDef, report: Report): void {
  const own = constraints.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
  const fallback = own.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  if (fallback?.raw_expr !== undefined && !isConstant(fallback.raw_expr)) report('volatile-default');
  const type = lastNameOf({ List: { items: typeName?.names ?? [] } });
  if (COUNTING_TYPES.has(type) || own.some(({ contype }) => contype === 'CONSTR_IDENTITY' || contype === 'CONSTR_GENERATED')) {
    report('volatile-default');
  }
  if (fallback === undefined && own.some(({ contype }) => contype === 'CONSTR_NOTNULL')) report('not-null');
  if (own.some(({ contype }) => contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY')) report('constraint-using-index');
  if (own.some(({ contype }) => contype === 'CONSTR_FOREIGN' || contype === 'CONSTR_CHECK')) report('not-valid');
}

function checkConstraint(constraint: Constraint, table: string, history: History, report: Report): void {
  const { contype, conname, indexname, skip_validation: isNotValid } = constraint;
  if (contype === 'CONSTR_CHECK' || contype === 'CONSTR_FOREIGN') {
    if (isNotValid !== true) report('not-valid');
    const column = columnKept(constraint.raw_expr);
    if (column !== null) history.promised.set(`${table}.${conname}`, `${table}.${column}`);
  } else if (contype === 'CONSTR_NOTNULL') report('set-not-null');
  else if (indexname === undefined || indexname === '') report('constraint-using-index');
}

/** The column of `column IS NOT NULL`, and of nothing more. */
function columnKept(expression: Node | undefined): string | null {
  if (expression === undefined || !('NullTest' in expression) || expression.NullTest.nulltesttype !== 'IS_NOT_NULL') return null;
  const { arg } = expression.NullTest;
  return arg !== undefined && 'ColumnRef' in arg ? lastNameOf({ List: { items: arg.ColumnRef.fields ?? [] } }) : null;
}

/** Whether a default is computed once for all old rows: what `now()` is, and what `random()` is not. */
function isConstant(expression: Node): boolean {
  if ('A_Const' in expression || 'SQLValueFunction' in expression) return true;
  if ('TypeCast' in expression) return expression.TypeCast.arg !== undefined && isConstant(expression.TypeCast.arg);
  if ('A_ArrayExpr' in expression) return (expression.A_ArrayExpr.elements ?? []).every(isConstant);
  return 'FuncCall' in expression && lastNameOf({ List: { items: expression.FuncCall.funcname ?? [] } }) === 'now';
}

function nameOf(relation: RangeVar | undefined): string {
  return relation?.relname ?? '';
}

/** The name itself of one that may have a schema before it. */
function lastNameOf(node: Node): string {
  const last = 'List' in node ? node.List.items?.at(-1) : node;
  return last !== undefined && 'String' in last ? (last.String.sval ?? '') : '';
}
