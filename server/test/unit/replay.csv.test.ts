import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCustomer, parsePence, parseRow, parseTime, readRetailFiles } from '../../src/replay/replay.csv.ts';
import { csvOf, replayErrorOf, row } from './replay.rows.ts';

describe('prices are read into whole pence', () => {
  it.each([
    ['2.55', 255],
    ['2.5', 250],
    ['2', 200],
    ['0.0', 0],
    ['-0.0', 0],
    ['-11062.06', -1_106_206],
    ['13541.33', 1_354_133],
    // These are not what a float times a hundred gives.
    ['0.29', 29],
    ['1.15', 115],
    ['8.20', 820],
    ['4.350', 435],
    ['999999999.99', 99_999_999_999],
  ])('%s', (text, pence) => {
    expect(parsePence(text)).toBe(pence);
  });

  it.each(['', '2,55', '1e3', '0.001', '2.555', '.5', '1.', ' 1', '+1', '£1', 'NaN', '1234567890'])('not %j', (text) => {
    expect(parsePence(text)).toBeNull();
  });
});

describe('times are read as UTC', () => {
  it('reads', () => {
    expect(parseTime('2010-12-01 08:26:00')).toBe(Date.UTC(2010, 11, 1, 8, 26));
  });
  it.each([
    '',
    '2010-12-01',
    '2010-02-30 08:26:00',
    '2010-12-01 25:00:00',
    '2010-12-01T08:26:00',
    '1/12/2010 08:26',
    '2010-12-01 24:00:00',
  ])('not %j', (text) => {
    expect(parseTime(text)).toBeNull();
  });
});

describe('customers are read from floats', () => {
  it.each([
    ['17850.0', '17850'],
    ['17850', '17850'],
    ['', null],
    ['17850.5', undefined],
    ['1.785e4', undefined],
    ['nobody', undefined],
    ['-1.0', undefined],
  ])('%j', (text, customer) => {
    expect(parseCustomer(text)).toBe(customer);
  });
});

describe('a row', () => {
  const fields = {
    InvoiceNo: '536365',
    StockCode: 'BANK CHARGES',
    Description: ' RED  HARMONICA\n IN\u0000BOX ',
    Quantity: '-12',
    InvoiceDate: '2010-12-01 08:26:00',
    UnitPrice: '2.5',
    CustomerID: '',
  };
  it('is read with its description cleaned', () => {
    const at = Date.UTC(2010, 11, 1, 8, 26);
    const read = {
      where: 'f:1',
      invoice: '536365',
      code: 'BANK CHARGES',
      description: 'RED HARMONICA IN BOX',
      quantity: -12,
      at,
      price: 250,
      customer: null,
    };
    expect(parseRow(fields, 'f:1')).toStrictEqual(read);
  });
  it.each([
    ['InvoiceNo', ''],
    ['InvoiceNo', '1'.repeat(33)],
    ['InvoiceNo', '1/2'],
    ['StockCode', 'x'.repeat(65)],
    ['StockCode', ' 1'],
    ['StockCode', 'ä'],
    ['Quantity', '1.5'],
    ['Quantity', ''],
    ['Quantity', '1000000'],
    ['InvoiceDate', 'yesterday'],
    ['UnitPrice', '0.001'],
    ['CustomerID', 'x'],
  ] as const)('is unreadable with %s %j', (column, value) => {
    expect(parseRow({ ...fields, [column]: value }, 'f:1')).toStrictEqual({ where: 'f:1', reason: `${column} ${JSON.stringify(value)}` });
  });
});

describe('files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openrun-replay-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };

  it('are read in the order given, unreadable rows aside, under one digest whatever that order', async () => {
    const one = await file('one.csv', `\u{feff}${csvOf(row({ invoice: '1', description: 'A, B' }), row({ invoice: '2' }))}`);
    const two = await file(
      'two.csv',
      csvOf(row({ invoice: '3' }))
        .replace(',2,', ',two,')
        .concat('4,A,APPLE,2,2010-12-01 08:00:00,1.0,1.0,Utopia\n5,A\n'),
    );
    const content = await readRetailFiles([one, two]);
    expect(content.rows.map(({ invoice, where }) => [invoice, where])).toStrictEqual([
      ['1', 'one.csv:2'],
      ['2', 'one.csv:3'],
      ['4', 'two.csv:3'],
    ]);
    expect(content.rows[0]?.description).toBe('A, B');
    expect(content.unreadable).toStrictEqual([
      { where: 'two.csv:2', reason: 'Quantity "two"' },
      { where: 'two.csv:4', reason: '2 fields where the header has 8' },
    ]);
    const reversed = await readRetailFiles([two, one]);
    expect(reversed.digest).toBe(content.digest);
    expect((await readRetailFiles([one])).digest).not.toBe(content.digest);
  });

  it('are refused when they are missing, empty, of other columns, torn or the same', async () => {
    const good = await file('good.csv', csvOf(row()));
    expect(await replayErrorOf(readRetailFiles([]))).toContain('1 to 1000 files');
    expect(await replayErrorOf(readRetailFiles([join(folder, 'none.csv')]))).toContain('cannot be read: ENOENT');
    expect(await replayErrorOf(readRetailFiles([await file('empty.csv', '')]))).toContain('is empty');
    expect(await replayErrorOf(readRetailFiles([await file('other.csv', 'a,b\n1,2\n')]))).toContain('has no column InvoiceNo; it has a, b');
    expect(await replayErrorOf(readRetailFiles([await file('torn.csv', `${csvOf(row())}501,"A`)]))).toContain(
      'cannot be read: Quote Not Closed',
    );
    expect(await replayErrorOf(readRetailFiles([good, await file('twin.csv', csvOf(row()))]))).toContain('has the same content as');
  });
});
