/**
 * A receiver that prints what happens to orders: `node client/examples/receiver.ts --secret whsec_… --port 4000`. It listens on loopback only; while
 * a secret changes, give both.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { createReceiver, isOrderEvent, type OpenrunEvent, type OrderEvent, toNodeListener } from '@openrun/client/receiver';

const { values } = parseArgs({
  options: { secret: { type: 'string', multiple: true, default: [] }, port: { type: 'string', default: '4000' } },
});

function onEvent(event: OpenrunEvent): void {
  if (isOrderEvent(event)) console.log(`${event.time} order ${event.subject}: ${whatHappened(event)}`);
  else console.log(`${event.time} ${event.type} ${event.subject}`);
}

function whatHappened(event: OrderEvent): string {
  switch (event.type) {
    case 'order.placed':
      return `placed, ${event.data.total}`;
    case 'order.paid':
      return `paid, ${event.data.amount} for ${event.data.lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ')}`;
    case 'order.cancelled':
      return 'cancelled';
    case 'order.expired':
      return 'expired';
    case 'payment.refunded':
      return `refunded, ${event.data.amount} (${event.data.reason})`;
  }
}

const receive = createReceiver({
  secrets: values.secret,
  onEvent,
  onError: (error, event) => console.error(`event ${event.id} failed:`, error),
});

const server = createServer(toNodeListener(receive)).listen(Number(values.port), '127.0.0.1', () => {
  const address = server.address();
  console.log(`waiting for webhooks at http://127.0.0.1:${typeof address === 'object' ? address?.port : values.port}`);
});
