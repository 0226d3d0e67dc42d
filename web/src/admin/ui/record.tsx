/** What an object was before and after something was done to it, field by field. */
import { useTranslations } from 'use-intl';
import { DataTable } from './data-table.tsx';

type Fields = Readonly<Record<string, unknown>>;

interface ChangeProps {
  readonly before: object | null;
  readonly after: object | null;
  readonly caption: string;
}

interface Row {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly isChanged: boolean;
}

export function Change({ before, after, caption }: ChangeProps) {
  const t = useTranslations('admin.trail');
  const rows = rowsOf({ ...before }, { ...after });
  const valueOf = (text: string, isChanged: boolean) => (
    <code className={`break-all ${isChanged ? 'font-bold' : 'text-soft'}`}>{text}</code>
  );
  return (
    <DataTable
      caption={caption}
      rows={rows}
      keyOf={({ name }) => name}
      columns={[
        { id: 'name', header: t('fieldName'), isHeader: true, cell: ({ name }) => <code>{name}</code> },
        { id: 'before', header: t('before'), cell: (row) => valueOf(row.before, row.isChanged) },
        { id: 'after', header: t('after'), cell: (row) => valueOf(row.after, row.isChanged) },
      ]}
    />
  );
}

function rowsOf(before: Fields, after: Fields): readonly Row[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.map((name) => {
    const [was, is] = [textOf(before[name]), textOf(after[name])];
    return { name, before: was, after: is, isChanged: was !== is };
  });
}

function textOf(value: unknown): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
