/** What the server's page says about the shop before anyone has signed in. */
const { accounts, chargePolicy } = document.documentElement.dataset;

export const settings = {
  /** Whether there are built-in accounts to sign in with. */
  accounts: accounts !== 'false',
  /** Whether customers charge their own balance. */
  selfCharge: chargePolicy !== 'staff',
};
