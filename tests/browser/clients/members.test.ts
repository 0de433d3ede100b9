import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { people } from '../world/people.ts';
import { aWorld } from '../world/world.ts';

describe('members of a client', () => {
  const world = aWorld();
  const path = () => `/clients/${world().sql(lumen)}/members`;
  const user = (email: string) => world().sql(`SELECT id FROM auth.users WHERE email = '${email}'`);
  const held = (email: string) =>
    world().sql(`SELECT coalesce(max(member_role), 'none') FROM client_members WHERE client_id = (${lumen}) AND user_id = '${user(email)}'`);
  /** Somebody of the agency who is no member. */
  const stranger = () =>
    world().sql(`SELECT u.email FROM auth.users u JOIN tenantry.people p ON p.user_id = u.id
       WHERE p.role = 'staff' AND p.disabled_at IS NULL AND NOT EXISTS (SELECT FROM client_members m WHERE m.user_id = u.id AND m.client_id = (${lumen}))
       ORDER BY u.email LIMIT 1`);

  for (const scripts of [true, false]) {
    it(`are added, changed and ended by an administrator, who can take the end back${scripts ? '' : ', without scripts'}`, async () => {
      const email = stranger();
      const sight = await world().window('admin', { scripts });
      await sight.go(path());
      await sight.field('Their address').fill(email.toUpperCase());
      await sight.by('select[name=member_role]').selectOption('staff');
      await sight.button('Add a member').click();
      await sight.by('.toast').waitFor();
      assert.equal(held(email), 'staff');
      assert.equal(
        world().sql(`SELECT created_by::text FROM client_members WHERE client_id = (${lumen}) AND user_id = '${user(email)}'`),
        user(people.admin.email),
      );
      const row = () => sight.by('table.list tbody tr', { hasText: email });
      assert.match((await row().textContent()) ?? '', new RegExp(people.admin.name), 'it says by whom');
      await row().locator('button', { hasText: 'Make manager' }).click();
      await sight.page.waitForLoadState();
      await sight.by('.toast', { hasText: 'as manager' }).waitFor();
      assert.equal(held(email), 'manager');
      await row().locator('button', { hasText: 'End' }).click();
      await sight.by('.toast', { hasText: 'has ended' }).waitFor();
      assert.equal(held(email), 'none');
      await sight.by('.toast button', { hasText: 'Undo' }).click();
      await sight.by('.toast', { hasText: 'as manager' }).waitFor();
      assert.equal(held(email), 'manager');
      await row().locator('button', { hasText: 'End' }).click();
      await sight.by('.toast', { hasText: 'has ended' }).waitFor();
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('keeps what was typed, and says at the field who is nobody or what does not fit', async () => {
    const sight = await world().window('admin');
    await sight.go(path());
    await sight.field('Their address').fill('nobody@agency.example');
    sight.expect(/422/);
    await sight.button('Add a member').click();
    await sight.by('#field-email-fault-0').waitFor();
    assert.equal(await sight.field('Their address').inputValue(), 'nobody@agency.example');
    await sight.field('Their address').fill(people.client.email);
    await sight.by('select[name=member_role]').selectOption('staff');
    await sight.button('Add a member').click();
    await sight.by('.alert-danger', { hasText: "client's own login" }).waitFor();
    assert.equal(held(people.client.email), 'client');
    await sight.isAccessible();
    await sight.isWhole();
    const odd = { email: people.staff.email, member_role: 'staff', role: 'super_admin' };
    assert.equal((await world().fetch('admin', path(), { method: 'POST', body: new URLSearchParams(odd) })).status, 422);
    const long = { email: `<script>alert(1)</script>${'x'.repeat(100_000)}`, member_role: 'owner' };
    assert.equal((await world().fetch('admin', path(), { method: 'POST', body: new URLSearchParams(long) })).status, 422);
    await world().closeWindows();
  });

  it('are seen by their manager, by staff as far as they are themselves, and by no login of a client', async () => {
    const all = Number(world().sql(`SELECT count(*) FROM client_members WHERE client_id = (${lumen})`));
    for (const [role, rows] of [['manager', all], ['staff', 1]] as const) {
      const sight = await world().window(role);
      await sight.go(path());
      assert.equal(await sight.by('table.list tbody tr').count(), rows, role);
      assert.equal(await sight.by('main form[method=post]').count(), 0, role);
      await sight.isWhole();
    }
    assert.equal((await world().fetch('client', path())).status, 403);
    await world().closeWindows();
  });
});
