/** Routes of destinations: parse, call, answer. */
import { userOf } from '../http/access.ts';
import { writeKeyOf } from '../http/idempotency.ts';
import { responses } from '../http/openapi.ts';
import { sendAnswer, sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import {
  destinationListSchema,
  destinationParams,
  destinationPatchSchema,
  destinationSchema,
  destinationWithSecretSchema,
  newDestinationSchema,
  rotationSchema,
} from './destination.schemas.ts';
import type { DestinationService } from './destination.service.ts';

const tags = ['delivery'];
const OVERLAP_SECONDS = 86_400;

export function registerDestinationRoutes(app: App, service: DestinationService): void {
  registerReads(app, service);

  app.post(
    '/destinations',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Add a destination of events; the answer has its secret',
        body: newDestinationSchema,
        response: responses({ 201: destinationWithSecretSchema }, ['DESTINATION_EXISTS', 'TOO_MANY_DESTINATIONS']),
      },
    },
    async (request, reply) => sendAnswer(request, reply, await service.create(userOf(request).userId, request.body, writeKeyOf(request))),
  );

  app.patch(
    '/destinations/:name',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Change the URL or the types of a destination, or turn it off or on',
        params: destinationParams,
        body: destinationPatchSchema,
        response: responses({ 200: destinationSchema }, ['DESTINATION_NOT_FOUND', 'DESTINATION_FROM_SETTINGS', 'TOO_MANY_DESTINATIONS']),
      },
    },
    async (request, reply) => {
      const { userId: staffId } = userOf(request);
      return sendAnswer(request, reply, await service.update(staffId, request.params.name, request.body, writeKeyOf(request)));
    },
  );

  app.post(
    '/destinations/:name/secret',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Give a webhook a new secret; the one before stays valid for a while',
        params: destinationParams,
        body: rotationSchema,
        response: responses({ 200: destinationWithSecretSchema }, [
          'DESTINATION_NOT_FOUND',
          'DESTINATION_FROM_SETTINGS',
          'DESTINATION_WITHOUT_SECRET',
        ]),
      },
    },
    async (request, reply) => {
      const { overlapSeconds = OVERLAP_SECONDS, ...wanted } = request.body;
      const { userId: staffId } = userOf(request);
      const rotation = { ...wanted, overlapSeconds };
      return sendAnswer(request, reply, await service.rotate(staffId, request.params.name, rotation, writeKeyOf(request)));
    },
  );
}

function registerReads(app: App, service: DestinationService): void {
  app.get(
    '/destinations',
    {
      config: { access: 'staff' },
      schema: { tags, summary: 'List the destinations of events by name', response: responses({ 200: destinationListSchema }) },
    },
    async (request, reply) => sendFound(request, reply, { items: await service.list() }),
  );

  app.get(
    '/destinations/:name',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Get a destination',
        params: destinationParams,
        response: responses({ 200: destinationSchema }, ['DESTINATION_NOT_FOUND']),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.get(request.params.name)),
  );
}
