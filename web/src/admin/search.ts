/** What the addresses of the back office say after the question mark: text fields that a page filters by. */

type Raw = Readonly<Record<string, unknown>>;

const TEXT_MAX = 300;

/** Takes the named texts from an address, and nothing else. */
function textsOf<Name extends string>(names: readonly Name[], raw: Raw): { [Each in Name]?: string };
function textsOf(names: readonly string[], raw: Raw): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = raw[name];
      const text = typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, TEXT_MAX) : '';
      return text === '' ? [] : [[name, text]];
    }),
  );
}

export const productSearch = (raw: Raw) => textsOf(['search', 'sort'], raw);
export const couponSearch = (raw: Raw) => textsOf(['status'], raw);
export const orderSearch = (raw: Raw) => textsOf(['search', 'user', 'status', 'from', 'to'], raw);
export const customerSearch = (raw: Raw) => textsOf(['search'], raw);
export const deliverySearch = (raw: Raw) => textsOf(['status', 'destination', 'type', 'from', 'to'], raw);
export const trailSearch = (raw: Raw) => textsOf(['staff', 'object', 'from', 'to'], raw);

export type OrderSearch = ReturnType<typeof orderSearch>;
export type DeliverySearch = ReturnType<typeof deliverySearch>;
export type TrailSearch = ReturnType<typeof trailSearch>;
