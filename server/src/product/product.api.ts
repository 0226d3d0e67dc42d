/** Routes of the product flow: parse, call, answer. */
import { isStaff, userOf } from '../http/access.ts';
import { writeKeyOf } from '../http/idempotency.ts';
import { conditional, responses } from '../http/openapi.ts';
import { createPublicReads } from '../http/public-reads.ts';
import { sendAnswer, sendFound, sendLater } from '../http/reply.ts';
import { sendRepresentation } from '../http/representation.ts';
import type { App } from '../http/server.ts';
import { Refusal } from '../kernel/errors.ts';
import { registerProductImport } from './product.import.api.ts';
import {
  newOptionSchema,
  newProductSchema,
  optionParams,
  optionPatchSchema,
  optionSchema,
  presentProduct,
  productListQuerySchema,
  productPageSchema,
  productParams,
  productPatchSchema,
  productSchema,
  stockAdjustmentSchema,
  stockSchema,
} from './product.schemas.ts';
import type { ListProducts, ProductService } from './product.service.ts';

const tags = ['product'];

export function registerProductRoutes(app: App, service: ProductService): void {
  registerReads(app, service);
  registerProductWrites(app, service);
  registerOptionWrites(app, service);
  registerProductImport(app, service.imports);
}

/** Staff read the database; what everyone else sees is kept for a moment. */
function registerReads(app: App, service: ProductService): void {
  const publicReads = createPublicReads();
  const list = async (query: ListProducts, staff: boolean) => {
    const page = await service.list(query, staff);
    return { ...page, items: page.items.map((product) => presentProduct(product, staff)) };
  };
  const get = async (productId: string, staff: boolean) => {
    const found = await service.get(productId, staff);
    return found instanceof Refusal ? found : presentProduct(found, staff);
  };

  app.get(
    '/products',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'List products', querystring: productListQuerySchema, response: responses(conditional(productPageSchema)) },
    },
    (request, reply) => {
      const { query } = request;
      if (isStaff(request)) return sendLater(reply, list(query, true), (page) => sendFound(request, reply, page));
      const found = publicReads.read(keyOfList(query), service.epoch, () => list(query, false));
      sendRepresentation(request, reply, found);
    },
  );

  app.get(
    '/products/:productId',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Get a product',
        params: productParams,
        response: responses(conditional(productSchema), ['PRODUCT_NOT_FOUND']),
      },
    },
    (request, reply) => {
      const { productId } = request.params;
      if (isStaff(request)) return sendLater(reply, get(productId, true), (product) => sendFound(request, reply, product));
      const epoch = (): number => service.epochOf(productId);
      const found = publicReads.read(`product ${productId}`, epoch, () => get(productId, false));
      sendRepresentation(request, reply, found);
    },
  );
}

/** Tells any two lists apart: no search has a NUL, and only the cursor, which may be any text, comes after one. */
function keyOfList({ sort = 'newest', limit, inStock = false, search = '', cursor }: ListProducts): string {
  return `list ${sort} ${limit} ${inStock} ${search}${cursor === undefined ? '' : `\0${cursor}`}`;
}

function registerProductWrites(app: App, service: ProductService): void {
  app.post(
    '/products',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Create a product with its options',
        body: newProductSchema,
        response: responses({ 201: productSchema }, ['SKU_TAKEN']),
      },
    },
    async (request, reply) => {
      const { name, description = '', status = 'active', options } = request.body;
      const { userId: staffId } = userOf(request);
      const command = { kind: 'createProduct', staffId, name, description, status, options } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );

  app.patch(
    '/products/:productId',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Change a product',
        params: productParams,
        body: productPatchSchema,
        response: responses({ 200: productSchema }, ['PRODUCT_NOT_FOUND']),
      },
    },
    async (request, reply) => {
      const { userId: staffId } = userOf(request);
      const command = { kind: 'updateProduct', staffId, productId: request.params.productId, patch: request.body } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );
}

function registerOptionWrites(app: App, service: ProductService): void {
  app.post(
    '/products/:productId/options',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Add an option to a product',
        params: productParams,
        body: newOptionSchema,
        response: responses({ 201: optionSchema }, ['PRODUCT_NOT_FOUND', 'SKU_TAKEN']),
      },
    },
    async (request, reply) => {
      const { userId: staffId } = userOf(request);
      const command = { kind: 'addOption', staffId, productId: request.params.productId, option: request.body } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );

  app.patch(
    '/options/:optionId',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Change an option',
        params: optionParams,
        body: optionPatchSchema,
        response: responses({ 200: optionSchema }, ['OPTION_NOT_FOUND', 'SKU_TAKEN']),
      },
    },
    async (request, reply) => {
      const { userId: staffId } = userOf(request);
      const command = { kind: 'updateOption', staffId, optionId: request.params.optionId, patch: request.body } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );

  app.post(
    '/options/:optionId/stock',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Adjust the stock of an option, with a reason for the journal',
        params: optionParams,
        body: stockAdjustmentSchema,
        response: responses({ 200: stockSchema }, ['OPTION_NOT_FOUND', 'STOCK_BELOW_RESERVED']),
      },
    },
    async (request, reply) => {
      const { userId: staffId } = userOf(request);
      const command = { kind: 'adjustStock', staffId, optionId: request.params.optionId, ...request.body } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );
}
