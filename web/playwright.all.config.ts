import { defineConfig } from '@playwright/test';
import type { AxeOptions } from './e2e/support/axe.ts';
import { COMMON, DESK, ENGLISH, KOREAN, PHONE } from './e2e/support/places.ts';

const LANGUAGES = { korean: KOREAN, english: ENGLISH };
const DEVICES = { phone: PHONE, desk: DESK };

/** Every page in every language and light, on every device: `npm run e2e:all`. */
export default defineConfig<AxeOptions>({
  ...COMMON,
  testMatch: 'pages.spec.ts',
  reporter: [['list']],
  projects: Object.entries(LANGUAGES).flatMap(([language, tongue]) =>
    Object.entries(DEVICES).flatMap(([device, screen]) =>
      (['light', 'dark'] as const).map((colorScheme) => ({
        name: `${language}-${device}-${colorScheme}`,
        use: { ...screen, ...tongue, colorScheme, contextOptions: { reducedMotion: 'reduce' as const }, coverage: 'every' as const },
      })),
    ),
  ),
});
