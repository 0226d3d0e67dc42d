/** `openrun staff`, through the command line, on a database of its own. */
import { expect, onTestFinished, test } from 'vitest';
import { type Ended, runOpenrun } from '../support/command-line.ts';
import { urlOf } from '../support/database.global.ts';
import { createDatabase, TEST_SECRET } from '../support/shop.ts';

const EMAIL = 'kim@shop.example';

test('makes staff, shows who is, gives a new password, and takes the role away', async () => {
  const { target, drop } = await createDatabase();
  onTestFinished(drop);
  const settings = { DATABASE_URL: urlOf(target), AUTH_JWT_SECRET: TEST_SECRET };
  const staff = (...args: string[]): Promise<Ended> => runOpenrun(['staff', ...args], settings);

  const added = await staff('add', EMAIL);
  expect(added.stdout).toMatch(/^kim@shop\.example: created\npassword: \S{20,}\n$/);
  expect((await staff('list')).stdout).toMatch(/^kim@shop\.example {2}\d{4}-\d\d-\S+Z {2}kim\n$/);
  const reset = await staff('reset-password', EMAIL.toUpperCase());
  expect(reset.stdout).toMatch(/password: \S{20,}\n$/);
  expect(reset.stdout).not.toContain(added.stdout.split('password: ')[1]);
  expect((await staff('remove', EMAIL)).stdout).toContain('removed');
  expect(await staff('list')).toMatchObject({ exitCode: 0, stdout: '' });
  for (const command of ['remove', 'reset-password']) {
    const { exitCode, stdout, stderr } = await staff(command, EMAIL);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('none of the staff');
  }
});
