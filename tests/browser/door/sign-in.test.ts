import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { everybody, sessionCookie } from '../world/kept.ts';
import { people, type Role } from '../world/people.ts';
import type { Sight } from '../world/sight.ts';
import { aWorld } from '../world/world.ts';

/** Fills in the sign-in page and sends it. */
async function signIn(sight: Sight, role: Role): Promise<void> {
  await sight.field('E-mail').fill(people[role].email);
  await sight.field('Password').fill(everybody()[role].password);
  await sight.button('Sign in').click();
}

describe('the door', () => {
  const world = aWorld();

  for (const scripts of [true, false]) {
    for (const host of ['127.0.0.1', 'localhost']) {
      it(`lets people in and out on http://${host}, ${scripts ? 'with' : 'without'} JavaScript`, async () => {
        const sight = await world().window(undefined, { scripts });
        const origin = world().server.url.replace(/127\.0\.0\.1|localhost/, host);
        await sight.page.goto(`${origin}/people/me`);
        assert.match(await sight.heading(), /sign in/i);
        await signIn(sight, 'staff');
        await sight.page.waitForURL(`${origin}/people/me`);
        assert.match(await sight.heading(), /your account/i);
        const cookies = await sight.page.context().cookies(origin);
        const cookie = cookies.find(({ name }) => name === sessionCookie);
        assert.ok(cookie?.httpOnly && cookie.secure && cookie.sameSite === 'Lax', JSON.stringify(cookies.map(({ name }) => name)));
        await sight.by('summary.account').click();
        await sight.button('Sign out').click();
        await sight.page.waitForURL(`${origin}/sign-in`);
        await sight.page.goto(`${origin}/people/me`);
        assert.match(await sight.heading(), /sign in/i);
        sight.isQuiet();
        await world().closeWindows();
      });
    }
  }

  for (const scripts of [true, false]) {
    it(`loses nothing of a form when the session ended under it, ${scripts ? 'with' : 'without'} JavaScript`, async () => {
      const sight = await world().window(undefined, { scripts });
      await sight.go('/people/me');
      await signIn(sight, 'manager');
      await sight.page.waitForURL('**/people/me');
      const name = `Priya "N." <Nair> & Co ${scripts}`;
      await sight.field('Name').fill(name);
      await sight.field('Time zone').fill('Asia/Kolkata');
      world().sql("UPDATE tenantry.sessions SET ended_at = now() WHERE kind = 'console' AND ended_at IS NULL");
      sight.expect(/401/);
      await sight.button('Save').click();
      await sight.by('text=is kept on this page').waitFor();
      if (scripts) await sight.isAccessible();
      await signIn(sight, 'manager');
      await sight.by('text=You are signed in again').waitFor();
      assert.ok((await sight.by('dl').textContent())?.includes(name));
      await sight.button('Send it').click();
      await sight.page.waitForURL('**/people/me');
      assert.equal(await sight.field('Name').inputValue(), name);
      assert.equal(world().sql(`SELECT count(*) FROM tenantry.user_metadata WHERE data ->> 'name' = $name$${name}$name$`), '1');
      sight.isQuiet();
      await world().closeWindows();
    });
  }

  it('asks for the password again before somebody gets another role', async () => {
    const sight = await world().window(undefined);
    await sight.go('/people');
    await signIn(sight, 'super_admin');
    await sight.page.waitForURL('**/people');
    await sight.link(people.staff.name).click();
    await sight.link('Change role').click();
    assert.match(await sight.heading(), /your password again/i);
    await sight.isAccessible();
    await sight.field('Password').fill('not this one');
    sight.expect(/400/);
    await sight.button('Go on').click();
    await sight.by('[role=alert]').waitFor();
    await sight.field('Password').fill(everybody().super_admin.password);
    await sight.button('Go on').click();
    await sight.page.waitForURL('**/role');
    await sight.field('Role').selectOption('manager');
    await sight.button('Give the role').click();
    await sight.by('text=is Manager now').waitFor();
    const role = `SELECT p.role FROM tenantry.people p JOIN auth.users u ON u.id = p.user_id WHERE u.email = '${people.staff.email}'`;
    assert.equal(world().sql(role), 'manager');
    sight.isQuiet();
    await world().closeWindows();
  });

  it('makes a person, who chooses a password by the link and comes in', async () => {
    const sight = await world().window(undefined);
    await sight.go('/people/new');
    await signIn(sight, 'super_admin');
    await sight.page.waitForURL((url) => url.pathname === '/step-up');
    await sight.field('Password').fill(everybody().super_admin.password);
    await sight.button('Go on').click();
    await sight.field('E-mail').fill('nora@harbourpine.example');
    await sight.field('Name').fill('Nora Nilsen');
    await sight.button('Add').click();
    const link = await sight.by('#secret').inputValue();
    const theirs = await world().window(undefined);
    await theirs.go(new URL(link).pathname + new URL(link).search);
    await theirs.isAccessible();
    await theirs.field('New password').fill('a good long password');
    await theirs.button('Set the password').click();
    await theirs.page.waitForURL((url) => !url.pathname.startsWith('/choose-password'));
    await theirs.go('/people/me');
    assert.ok((await theirs.by('main').textContent())?.includes('nora@harbourpine.example'));
    await theirs.go('/choose-password' + new URL(link).search, 404);
    await world().closeWindows();
  });
});
