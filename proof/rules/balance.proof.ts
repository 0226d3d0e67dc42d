/** The rules of charges: a ledger without gaps, a reference that counts once, limits that hold. */
import fc from 'fast-check';
import { type ChargeState, decideCharge, referenceKey } from '../../server/src/balance/balance.rules.ts';
import { MAX_MONEY } from '../../server/src/kernel/money.ts';
import { context, outcome } from '../../server/test/support/rules.ts';
import { prove } from '../support/proof.ts';
import { hold, LONG_CASES, SHORT_CASES, tryCases } from './cases.ts';

const USERS: readonly string[] = ['one', 'other'];
/** Small amounts, so that sums meet the limits exactly. */
const amount = fc.oneof({ weight: 12, arbitrary: fc.integer({ min: -1, max: 7 }) }, { weight: 1, arbitrary: fc.constant(MAX_MONEY) });
const batch = fc.record({
  maxCharge: fc.integer({ min: 1, max: 7 }),
  maxBalance: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 16 }) }, { weight: 1, arbitrary: fc.constant(MAX_MONEY) }),
  began: fc.nat(9),
  charges: fc.array(fc.record({ isOther: fc.boolean(), amount, reference: fc.option(fc.constantFrom('x', 'y')) }), {
    minLength: 1,
    maxLength: 10,
  }),
});

prove(
  'charges of a batch',
  {
    promise: 'A charge counts once for each reference, keeps the limits, and leaves a ledger that adds up',
    how: 'random batches of charges on the rules alone; every answer predicted, every ledger summed',
    unit: 'batches',
    short: SHORT_CASES,
    long: LONG_CASES,
  },
  async (trial) =>
    tryCases(trial, batch, ({ maxCharge, maxBalance, began, charges }) => {
      const accounts = new Map(USERS.map((userId) => [userId, { userId, amount: began, version: 4 }]));
      const state: ChargeState = { ledger: { accounts, posted: [] }, charges: new Map(), limits: { maxCharge, maxBalance } };
      const balances: Record<string, number> = { one: began, other: began };
      /** The amounts that references were charged with. */
      const known = new Map<string, number>();
      for (const { isOther, amount: wanted, reference } of charges) {
        const userId = isOther ? 'other' : 'one';
        const key = referenceKey(userId, reference ?? '');
        const earlier = reference === null ? undefined : known.get(key);
        const balance = balances[userId] ?? 0;
        const posted = state.ledger.posted.length;
        const said = outcome(decideCharge(state, { staffId: null, userId, amount: wanted, reference }, context()));
        const isNew = earlier === undefined && wanted > 0 && wanted <= maxCharge && balance + wanted <= maxBalance;
        hold(said === expectedOf(wanted, earlier, maxCharge, maxBalance - balance), () => `${said} for ${wanted}`);
        hold(state.ledger.posted.length === posted + (isNew ? 1 : 0), 'one entry for one charge');
        if (!isNew) continue;
        balances[userId] = balance + wanted;
        if (reference !== null) known.set(key, wanted);
      }
      for (const userId of USERS) holdLedger(state, userId, began, balances[userId] ?? 0);
    }),
);

/** The refusals that the contract has for a charge, in its order; a reference that is known decides before the limits. */
function expectedOf(wanted: number, earlier: number | undefined, maxCharge: number, room: number): string {
  if (wanted <= 0) return 'INVALID_CHARGE_AMOUNT';
  if (earlier !== undefined) return earlier === wanted ? 'ok' : 'REFERENCE_REUSED';
  if (wanted > maxCharge) return 'CHARGE_LIMIT_EXCEEDED';
  return wanted > room ? 'BALANCE_LIMIT_EXCEEDED' : 'ok';
}

function holdLedger({ ledger }: ChargeState, userId: string, began: number, expected: number): void {
  let [balance, version] = [began, 4];
  for (const entry of ledger.posted.filter((each) => each.userId === userId)) {
    balance += entry.delta;
    version += 1;
    hold(entry.version === version && entry.balanceAfter === balance, () => `entry ${entry.version} leaves ${entry.balanceAfter}`);
  }
  const account = ledger.accounts.get(userId);
  hold(
    account?.amount === expected && balance === expected && account.version === version,
    () => `${account?.amount} instead of ${expected}`,
  );
}
