import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { everybody } from '../world/kept.ts';
import { people, type Role } from '../world/people.ts';
import type { Sight } from '../world/sight.ts';
import { aWorld } from '../world/world.ts';

/** Signs somebody in, or tries. */
async function signIn(sight: Sight, email: string, password: string, refused?: RegExp): Promise<void> {
  await sight.go('/sign-in');
  if (refused) sight.expect(refused);
  await sight.field('E-mail').fill(email);
  await sight.field('Password').fill(password);
  await sight.button('Sign in').click();
}

describe('people and access', () => {
  const world = aWorld();
  const idOf = (role: Role) => world().sql(`SELECT id FROM auth.users WHERE email = '${people[role].email}'`);

  for (const scripts of [true, false]) {
    it(`a person becomes a member of a client and leaves it${scripts ? '' : ', without scripts'}`, async () => {
      const staff = idOf('staff');
      const apart = `SELECT id FROM clients_enhanced c WHERE NOT EXISTS (SELECT FROM client_members m WHERE m.client_id = c.id AND m.user_id = '${staff}') ORDER BY id LIMIT 1`;
      const client = world().sql(apart);
      const part = () => world().sql(`SELECT coalesce(max(member_role), 'none') FROM client_members WHERE client_id = '${client}' AND user_id = '${staff}'`);
      const sight = await world().window('admin', { scripts });
      await sight.go(`/people/${staff}`);
      await sight.field('Client').fill(client);
      await sight.field('As').selectOption('staff');
      await sight.button('Add to the client').click();
      await sight.by('.toast', { hasText: 'is a member of' }).waitFor();
      assert.equal(part(), 'staff');
      await sight.by('tr', { has: sight.page.locator(`a[href="/clients/${client}"]`) }).getByRole('button').click();
      await sight.by('.toast', { hasText: 'has ended' }).waitFor();
      assert.equal(part(), 'none');
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('a token is shown once, lets its client’s app in, and is revoked', async () => {
    const client = world().sql("SELECT id FROM clients_enhanced WHERE email LIKE '%@lumenyoga.example'");
    const sight = await world().window(undefined);
    await signIn(sight, people.manager.email, everybody().manager.password);
    await sight.page.waitForURL((url) => url.pathname === '/');
    await sight.go('/tokens/new');
    await sight.field('Password').fill(everybody().manager.password);
    await sight.button('Go on').click();
    await sight.field('What it is for').fill('yoga <script>alert(1)</script>');
    await sight.field('Client').fill(client);
    await sight.button('Make it').click();
    await sight.by('#secret').waitFor();
    const token = await sight.by('#secret').inputValue();
    await sight.isAccessible();
    const read = () => fetch(`${world().server.url}/config/v1`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await read()).status, 200);
    const kept = "SELECT count(*) || ' ' || count(revoked_at) FROM tenantry.tokens WHERE name LIKE 'yoga <script>%'";
    assert.equal(world().sql(kept), '1 0');
    await sight.go('/tokens');
    assert.ok(!(await sight.page.content()).includes(token));
    await sight.by('tr', { hasText: 'yoga <script>' }).getByRole('button', { name: /^Revoke/ }).click();
    await sight.by('.toast').waitFor();
    assert.equal(world().sql(kept), '1 1');
    while ((await read()).status !== 401);
    await sight.isWhole();
    await world().closeWindows();
  });

  it('who forgot their password chooses another by a link that a super admin makes', async () => {
    const [keeper, theirs, open] = [await world().window(undefined), await world().window(undefined), await world().window('staff')];
    await open.go('/clients');
    await signIn(keeper, people.super_admin.email, everybody().super_admin.password);
    await keeper.page.waitForURL((url) => url.pathname === '/');
    await keeper.go(`/people/${idOf('staff')}`);
    await keeper.button('Link for a password').click();
    await keeper.field('Password').fill(everybody().super_admin.password);
    await keeper.button('Go on').click();
    await keeper.button('Send it').click();
    const link = new URL(await keeper.by('#secret').inputValue());
    // Made is not used: until then the old password counts, and whoever is signed in stays.
    await open.go('/clients');
    await theirs.go(link.pathname + link.search);
    await theirs.field('New password').fill('a sentence that is new');
    await theirs.button('Set the password').click();
    await theirs.by('.toast', { hasText: 'Your password is set' }).waitFor();
    await open.page.goto('/clients');
    assert.match(await open.heading(), /sign in/i, 'sessions from before have ended');
    await signIn(open, people.staff.email, everybody().staff.password, /400/);
    await open.by('[role=alert]').waitFor();
    await signIn(open, people.staff.email, 'a sentence that is new');
    await open.page.waitForURL((url) => url.pathname === '/');
    await open.go(`/choose-password${link.search}`, 404);
    await keeper.go(`/people/${idOf('staff')}`);
    const history = (await keeper.by('section.card', { hasText: 'Sign-in' }).last().textContent()) ?? '';
    for (const said of ['wrong password', 'Password chosen by a link', '127.0.0.1']) assert.ok(history.includes(said), said);
    await world().closeWindows();
  });

  it('whoever is disabled is shut out in the middle of what they do', async () => {
    const [keeper, theirs] = [await world().window(undefined), await world().window('manager')];
    const manager = idOf('manager');
    await theirs.go('/people/me');
    await theirs.field('Name').fill('Priya Somebody');
    await signIn(keeper, people.super_admin.email, everybody().super_admin.password);
    await keeper.page.waitForURL((url) => url.pathname === '/');
    await keeper.go(`/people/${manager}/disable`);
    await keeper.button('Disable').click();
    await keeper.by('.toast').waitFor();
    assert.equal(world().sql(`SELECT disabled_at IS NOT NULL FROM tenantry.people WHERE user_id = '${manager}'`), 't');
    theirs.expect(/40[01]/);
    await theirs.button('Save').click();
    await theirs.field('Password').waitFor();
    await theirs.field('E-mail').fill(people.manager.email);
    await theirs.field('Password').fill(everybody().manager.password);
    await theirs.button('Sign in').click();
    await theirs.by('[role=alert]').waitFor();
    assert.equal(world().sql(`SELECT count(*) FROM tenantry.user_metadata WHERE data ->> 'name' = 'Priya Somebody'`), '0');
    await keeper.button('Enable').click();
    await keeper.by('.toast').waitFor();
    assert.equal(world().sql(`SELECT disabled_at IS NULL FROM tenantry.people WHERE user_id = '${manager}'`), 't');
    await world().closeWindows();
  });
});
