import { defineConfig } from '@playwright/test';
import { COMMON } from './e2e/support/places.ts';

/** Takes the pictures in `docs/screenshots/`: `npm run screenshots`. */
export default defineConfig({ ...COMMON, testMatch: 'screenshots.ts', reporter: [['list']], timeout: 300_000 });
