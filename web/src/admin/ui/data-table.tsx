/** Rows with headers. A table that is too wide scrolls in its own frame, by keyboard, too. */
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand at the end. */
  readonly isFigure?: boolean;
  /** Names its row. */
  readonly isHeader?: boolean;
}

interface DataTableProps<Row> {
  /** What the rows are, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

const CELL = 'px-3 py-2 align-middle first:pl-5 last:pr-5';

export function DataTable<Row>({ caption, columns, rows, keyOf }: DataTableProps<Row>) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls must be reached by keyboard.
    <div role="region" aria-label={caption} tabIndex={0} className="relative overflow-x-auto outline-offset-[-3px]">
      <table className="figures w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-left text-xs font-semibold text-soft">
            {columns.map(({ id, header, isFigure }) => (
              <th key={id} scope="col" className={`${CELL} whitespace-nowrap ${isFigure === true ? 'text-right' : ''}`}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line last:border-b-0 hover:bg-ground">
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column: { cell, isFigure, isHeader }, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const className = `${CELL} ${isFigure === true ? 'text-right whitespace-nowrap' : ''}`;
  if (isHeader !== true) return <td className={className}>{cell(row)}</td>;
  return (
    <th scope="row" className={`${className} ${isFigure === true ? '' : 'min-w-36 text-left'} font-semibold`}>
      {cell(row)}
    </th>
  );
}
