/**
 * Stock, by conservation: at every look, what was certainly done before it has happened, what may have been done meanwhile may have happened,
 * and nothing else. Stock has no version, so a look is held against the most and the least that there can have been.
 */
import type { Body } from '../../server/test/support/caller.ts';
import { type Effect, knownAt, type Viewer } from './effects.ts';
import { type Anomaly, type Attempt, type History, STAFF, said } from './history.ts';

interface Units {
  readonly onHand: number;
  readonly reserved: number;
}

/** What an effect did to one option. */
interface Movement extends Units {
  readonly effect: Effect;
}

interface Range {
  least: number;
  most: number;
}

interface Story {
  readonly optionId: string;
  readonly opening: number;
  readonly movements: readonly Movement[];
}

/** What was true so long ago is called stale, and anything else impossible. */
const STALE_MS = 10_000;

type Measure = (units: Units) => number;

const MEASURES: Readonly<Record<'onHand' | 'reserved' | 'available', Measure>> = {
  onHand: ({ onHand }) => onHand,
  reserved: ({ reserved }) => reserved,
  available: ({ onHand, reserved }) => onHand - reserved,
};

export function checkStock(history: History, effects: readonly Effect[]): Anomaly[] {
  const placed = new Map(effects.filter(({ asked }) => asked.kind === 'place').map(({ body }) => [body.id, body]));
  return history.opening.options.flatMap(({ id, stock }) => {
    const movements = effects.flatMap((effect) => movementOf(effect, id, placed) ?? []);
    const story: Story = { optionId: id, opening: stock, movements };
    return [...books(story, history), ...neverSoldTwice(story), ...history.attempts.flatMap((attempt) => wrongLook(attempt, story))];
  });
}

function movementOf(effect: Effect, optionId: string, placed: ReadonlyMap<string, Body>): Movement | null {
  const { asked, body } = effect;
  const unitsOf = (lines: readonly Body[] | undefined): number => lines?.find((line) => line.optionId === optionId)?.quantity ?? 0;
  const moved = (onHand: number, reserved: number): Movement | null =>
    onHand === 0 && reserved === 0 ? null : { onHand, reserved, effect };
  switch (asked.kind) {
    case 'place':
      return moved(0, unitsOf(body.lines));
    case 'cancel':
      return moved(0, -unitsOf(placed.get(asked.orderId)?.lines));
    case 'pay': {
      const units = unitsOf(placed.get(asked.orderId)?.lines);
      return moved(-units, -units);
    }
    case 'refund':
      return asked.restock ? moved(unitsOf(body.lines), 0) : null;
    case 'adjust':
      return asked.optionId === optionId ? moved(asked.delta, 0) : null;
    case 'charge':
    case 'issue':
    case 'quota':
    case 'readBalance':
    case 'readLedger':
    case 'readCoupons':
    case 'readCoupon':
    case 'readProduct':
    case 'readOrder':
      return null;
  }
}

/** What there can have been at a moment between the two times, as the viewer sees it. */
function rangeOf(story: Story, measure: Measure, [calledAt, answeredAt]: readonly [number, number], viewer: Viewer, but?: Effect): Range {
  const opening = measure({ onHand: story.opening, reserved: 0 });
  const range: Range = { least: opening, most: opening };
  for (const movement of story.movements) {
    const units = measure(movement);
    if (movement.effect === but || knownAt(movement.effect, viewer) < calledAt) {
      range.least += units;
      range.most += units;
    } else if (movement.effect.calledAt < answeredAt) {
      range.least += Math.min(0, units);
      range.most += Math.max(0, units);
    }
  }
  return range;
}

/** In the end there is what there was and what came, less what went. */
function books(story: Story, { closing }: History): Anomaly[] {
  const option = closing.options.find(({ id }) => id === story.optionId);
  const always = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  return (['onHand', 'reserved', 'available'] as const).flatMap((name) => {
    const { least } = rangeOf(story, MEASURES[name], always, null);
    const shown = option?.[name];
    return shown === least && least >= 0
      ? []
      : [{ kind: 'wrong books', detail: `option ${story.optionId} has ${name} ${shown}, must be ${least}` } as const];
  });
}

/** Whenever an order was acknowledged, there were at least as many units as were certainly held. */
function neverSoldTwice(story: Story): Anomaly[] {
  const placements = story.movements.filter(({ reserved }) => reserved > 0);
  return placements.flatMap(({ effect }) => {
    const { most } = rangeOf(story, MEASURES.available, [effect.answeredAt, effect.answeredAt], null, effect);
    return most < 0 ? [{ kind: 'oversold', detail: `${effect.text}: ${most} of option ${story.optionId} are left` } as const] : [];
  });
}

function wrongLook(attempt: Attempt, story: Story): Anomaly[] {
  const { asked, told, calledAt, answeredAt, userId, server } = attempt;
  // A repeat is told what was true when it was done.
  if (told === null || told.isReplayed) return [];
  const { body, verdict } = told;
  const time = [calledAt, answeredAt] as const;
  if (asked.kind === 'readProduct' && verdict === '200') {
    const option = body.options.find(({ id }) => id === story.optionId);
    if (option === undefined) return [{ kind: 'impossible read', detail: `${said(attempt)} shows no option ${story.optionId}` }];
    if (userId === STAFF) return (['onHand', 'reserved'] as const).flatMap((name) => outside(attempt, story, name, option[name], null));
    const isTrue = option.soldOut === option.available <= 0;
    const wrong = outside(attempt, story, 'available', option.available, server);
    return isTrue ? wrong : [...wrong, { kind: 'impossible read', detail: `${said(attempt)}: sold out, with ${option.available} left` }];
  }
  if (asked.kind === 'adjust' && asked.optionId === story.optionId) {
    const effect = story.movements.find((movement) => movement.effect.body === body)?.effect;
    if (effect !== undefined) return outside(attempt, story, 'available', body.available, null, effect);
    const { least } = rangeOf(story, MEASURES.available, time, null);
    const isFalse = verdict === '409 STOCK_BELOW_RESERVED' && least + asked.delta >= 0;
    return isFalse ? [{ kind: 'false refusal', detail: `${said(attempt)}: at least ${least} were available` }] : [];
  }
  if (asked.kind !== 'place' || verdict !== '409 OUT_OF_STOCK' || body.optionId !== story.optionId) return [];
  const wanted = asked.lines.find(({ optionId }) => optionId === story.optionId)?.quantity ?? 0;
  // Only what is sold out is told from memory.
  const { least, most } = rangeOf(story, MEASURES.available, time, body.available === 0 ? server : null);
  const isTrue = body.available < wanted && body.available >= least && body.available <= most;
  const detail = `${said(attempt)}: told ${body.available}, and ${least} to ${most} were available`;
  return isTrue ? [] : [{ kind: 'false refusal', detail }];
}

function outside(attempt: Attempt, story: Story, name: keyof typeof MEASURES, shown: number, viewer: Viewer, own?: Effect): Anomaly[] {
  const { calledAt, answeredAt } = attempt;
  const { least, most } = rangeOf(story, MEASURES[name], [calledAt, answeredAt], viewer, own);
  if (shown >= least && shown <= most) return [];
  const before = rangeOf(story, MEASURES[name], [calledAt - STALE_MS, answeredAt], viewer, own);
  const wasTrue = shown >= before.least && shown <= before.most;
  const detail = `${said(attempt)}: ${name} of ${story.optionId} is ${shown}, must be ${least} to ${most}`;
  return [{ kind: wasTrue ? 'stale read' : 'impossible read', detail }];
}
