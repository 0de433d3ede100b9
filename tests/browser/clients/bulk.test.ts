import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { roles } from '../world/people.ts';
import { aWorld } from '../world/world.ts';

describe('several clients at once', () => {
  const world = aWorld();
  const value = (column: string, name: string) => world().sql(`SELECT ${column} FROM clients_enhanced WHERE name = '${name}'`);
  const twoNames = () => world().sql("SELECT name FROM clients_enhanced WHERE archived_at IS NULL AND tier <> 'enterprise' ORDER BY lower(name) LIMIT 2").split('\n');

  for (const scripts of [true, false]) {
    it(`a tier is previewed, then set${scripts ? '' : ', without scripts'}`, async () => {
      const [first = '', second = ''] = twoNames();
      const sight = await world().window('admin', { scripts });
      await sight.go('/clients');
      if (scripts) assert.equal(await sight.by('.bulk').isVisible(), false);
      for (const name of [first, second]) await sight.field(`Tick ${name}`).check();
      await sight.field('What to do').selectOption('tier');
      await sight.by('.bulk').getByLabel('Tier').selectOption('enterprise');
      await sight.button('Preview…').click();
      await sight.page.waitForURL(/\/clients\/bulk\?/);
      assert.equal(await sight.heading(), 'Set the tier');
      assert.notEqual(value('tier', first), 'enterprise', 'a preview changes nothing');
      if (scripts) await sight.isAccessible();
      await sight.button('Set the tier (2 clients)').click();
      await sight.page.waitForURL(/\/clients$/);
      assert.match((await sight.by('.toast').textContent()) ?? '', /2 clients: tier set\./);
      assert.deepEqual([value('tier', first), value('tier', second)], ['enterprise', 'enterprise']);
      await sight.isWhole();
      await sight.page.reload();
      assert.equal(await sight.by('.toast').count(), 0, 'a toast is shown once');
      await world().closeWindows();
    });
  }

  it('a manager is assigned and becomes a member', async () => {
    const [name = ''] = twoNames();
    const daniel = world().sql("SELECT id FROM auth.users WHERE email LIKE 'daniel.okafor@%'");
    world().sql(`SET ROLE tenantry_owner; UPDATE clients_enhanced SET assigned_manager = NULL WHERE name = '${name}'`);
    const sight = await world().window('super_admin');
    await sight.go('/clients');
    await sight.field(`Tick ${name}`).check();
    await sight.by('.bulk').getByLabel('Manager').selectOption({ label: 'Daniel Okafor' });
    await sight.button('Preview…').click();
    await sight.button('Assign a manager (1 client)').click();
    await sight.by('.toast').waitFor();
    assert.equal(value('assigned_manager', name), daniel);
    assert.equal(world().sql(`SELECT member_role FROM client_members m JOIN clients_enhanced c ON c.id = m.client_id WHERE c.name = '${name}' AND m.user_id = '${daniel}'`), 'manager');
    await world().closeWindows();
  });

  it('nothing is done where somebody else was faster', async () => {
    const [name = ''] = twoNames();
    const sight = await world().window('admin');
    await sight.go('/clients');
    await sight.field(`Tick ${name}`).check();
    await sight.field('What to do').selectOption('archive');
    await sight.button('Preview…').click();
    await sight.page.waitForURL(/\/clients\/bulk\?/);
    world().sql(`SET ROLE tenantry_owner; UPDATE clients_enhanced SET phone = '1', updated_at = clock_timestamp() WHERE name = '${name}'`);
    sight.expect(/409/);
    await sight.button('Archive (1 client)').click();
    await sight.page.getByText('Somebody else changed some of these clients').waitFor();
    assert.equal(value('archived_at IS NULL', name), 't');
    await sight.button('Archive (1 client)').click();
    await sight.by('.toast').waitFor();
    assert.equal(value('archived_at IS NULL', name), 'f');
    await world().closeWindows();
  });

  it('only administrators may, by the page and by the request behind it', async () => {
    const id = world().sql('SELECT id FROM clients_enhanced ORDER BY name LIMIT 1');
    for (const role of roles) {
      const may = role === 'admin' || role === 'super_admin';
      const page = await (await world().fetch(role, '/clients')).text();
      assert.equal(page.includes('name="act"'), may, role);
      const body = new URLSearchParams({ act: 'archive', client: `${id}@2020-01-01T00:00:00Z` });
      const answer = await world().fetch(role, '/clients/bulk', { method: 'POST', body });
      assert.equal(answer.status, may ? 409 : 403, role);
    }
  });

  it('what is sent wrongly is refused with its reason', async () => {
    for (const [body, status] of [
      [{ act: 'archive' }, 422],
      [{ act: 'burn', client: 'x' }, 422],
      [{ act: 'tier', tier: 'gold' }, 422],
      [{ act: 'archive', client: 'x@y' }, 422],
      [{ act: 'archive', other: '1' }, 422],
    ] as const) {
      const answer = await world().fetch('admin', '/clients/bulk', { method: 'POST', body: new URLSearchParams(body) });
      assert.equal(answer.status, status, JSON.stringify(body));
      assert.match(await answer.text(), /<h1/);
    }
    const foreign = await world().fetch('admin', '/clients/bulk', { method: 'POST', body: new URLSearchParams({ act: 'archive' }), headers: { origin: 'https://evil.example' } });
    assert.equal(foreign.status, 403);
  });
});
