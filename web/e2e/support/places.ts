/** Where the tests run: the browser, and the devices in front of which people sit. */
import { devices, type PlaywrightTestConfig } from '@playwright/test';

export const COMMON: PlaywrightTestConfig = {
  testDir: 'e2e',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: true,
  use: {
    trace: 'off',
    actionTimeout: 20_000,
    launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] },
  },
};

export const PHONE = { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } };
export const DESK = { viewport: { width: 1280, height: 800 } };
export const KOREAN = { locale: 'ko-KR', timezoneId: 'Asia/Seoul' };
export const ENGLISH = { locale: 'en-US', timezoneId: 'Europe/London' };
