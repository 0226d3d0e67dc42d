/** What the ranking feature is about: the products that sell best. */

export interface RankedProduct {
  readonly productId: string;
  readonly name: string;
  /** Units paid in the window, less their refunds. */
  readonly quantity: number;
  /** Minor units paid for those units, net of discounts. */
  readonly revenue: number;
}

export interface Ranking {
  readonly id: string;
  readonly asOf: Date;
  readonly from: Date;
  readonly to: Date;
  /** The best first; more than are shown, so that one that is hidden later leaves no gap. */
  readonly items: readonly RankedProduct[];
}
