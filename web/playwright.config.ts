import { defineConfig, devices } from '@playwright/test';

/** Two shops' worth of customers: a Korean one on a light phone, an English one at a dark desk. */
export default defineConfig({
  testDir: 'e2e',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    trace: 'off',
    launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] },
  },
  projects: [
    {
      name: 'phone',
      use: {
        ...devices['Pixel 7'],
        viewport: { width: 390, height: 844 },
        locale: 'ko-KR',
        timezoneId: 'Asia/Seoul',
        colorScheme: 'light',
      },
    },
    {
      name: 'desk',
      use: {
        viewport: { width: 1280, height: 800 },
        locale: 'en-US',
        timezoneId: 'Europe/London',
        colorScheme: 'dark',
        contextOptions: { reducedMotion: 'reduce' },
      },
    },
  ],
});
