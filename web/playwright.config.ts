import { defineConfig } from '@playwright/test';
import { COMMON, DESK, ENGLISH, KOREAN, PHONE } from './e2e/support/places.ts';

/** Two shops' worth of customers: a Korean one on a light phone, an English one at a dark desk. */
export default defineConfig({
  ...COMMON,
  reporter: [['list']],
  projects: [
    { name: 'phone', use: { ...PHONE, ...KOREAN, colorScheme: 'light' } },
    { name: 'desk', use: { ...DESK, ...ENGLISH, colorScheme: 'dark', contextOptions: { reducedMotion: 'reduce' } } },
  ],
});
