/** Prints the OpenAPI document that the routes describe; no database is needed for it. */
import pino from 'pino';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { DEFAULT_LIMITS, openDatabase } from '../src/database/database.ts';

const config = loadConfig({ AUTH_JWT_SECRET: 'only-to-describe-the-routes-00000', DATABASE_URL: 'postgres://nowhere.invalid/none' });
const database = openDatabase({ url: 'postgres://nowhere.invalid/none' }, DEFAULT_LIMITS, () => undefined);
const app = await createApp({ config, database, logger: pino({ level: 'silent' }) });
await app.http.ready();
console.log(JSON.stringify(app.http.swagger(), null, 2));
await app.close();
await database.close();
