import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { aWorld } from '../world/world.ts';
import { lumen } from '../pages/pages.ts';

describe('one client', () => {
  const world = aWorld();
  const id = () => world().sql(lumen);
  const value = (column: string) => world().sql(`SELECT ${column} FROM clients_enhanced WHERE id = '${id()}'`);

  for (const scripts of [true, false]) {
    it(`a manager changes what they may, and it is there${scripts ? '' : ', without scripts'}`, async () => {
      const sight = await world().window('manager', { scripts });
      await sight.go(`/clients/${id()}`);
      await sight.link('Edit').click();
      assert.equal(await sight.field('Tier').count(), 0, 'a tier is for administrators');
      const phone = scripts ? '+44 20 7946 0001' : '+44 20 7946 0002';
      await sight.field('Telephone').fill(phone);
      await sight.field('Goals').fill('More bookings\nFewer calls');
      await sight.field('Colours').fill('{"primary": "#1b6ef3"}');
      await sight.button('Save').click();
      await sight.by('.toast').waitFor();
      assert.equal(new URL(sight.page.url()).pathname, `/clients/${id()}`);
      assert.equal(value('phone'), phone);
      assert.equal(value("array_to_string(business_goals, '|')"), 'More bookings|Fewer calls');
      assert.equal(value("color_palette ->> 'primary'"), '#1b6ef3');
      assert.ok(await sight.page.getByText(phone).isVisible());
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('keeps what was typed, and says at each field what is wrong with it', async () => {
    const sight = await world().window('admin');
    await sight.go(`/clients/${id()}/edit`);
    await sight.field('Postal address').fill('{"city": }');
    await sight.field('Telephone').fill('<script>alert(1)</script>');
    await sight.field('E-mail').fill('HELLO@stoneandfern.example');
    sight.expect(/422/);
    await sight.button('Save').click();
    await sight.by('.alert-danger').waitFor();
    assert.equal(await sight.field('Postal address').inputValue(), '{"city": }');
    assert.equal(await sight.field('Telephone').inputValue(), '<script>alert(1)</script>');
    assert.match((await sight.by('#field-address-fault-0').textContent()) ?? '', /breaks at line 1/);
    await sight.field('Postal address').fill('');
    await sight.button('Save').click();
    await sight.by('#field-email-fault-0').waitFor();
    assert.match((await sight.by('#field-email-fault-0').textContent()) ?? '', /another client/);
    await sight.isAccessible();
    await sight.isWhole();
    await world().closeWindows();
  });

  it('shows both versions where two people write the same, and keeps what either wrote elsewhere', async () => {
    const [first, second] = [await world().window('admin'), await world().window('super_admin')];
    for (const sight of [first, second]) await sight.go(`/clients/${id()}/edit`);
    await first.field('Budget').fill('10k');
    await first.field('Timeline').fill('by spring');
    await first.button('Save').click();
    await first.by('.toast').waitFor();
    await second.field('Budget').fill('20k');
    await second.field('Kind of project').fill('relaunch');
    second.expect(/409/);
    await second.button('Save').click();
    await second.by('.alert-warning').waitFor();
    const told = (await second.by('.alert-warning tbody tr td').allTextContents()).map((text) => text.trim());
    assert.deepEqual(told, ['Budget', '10k', '20k']);
    assert.equal(value('budget_range'), '10k', 'nothing is saved before one has chosen');
    assert.equal(await second.field('Timeline').inputValue(), 'by spring');
    await second.isAccessible();
    await second.button('Save').click();
    await second.by('.toast').waitFor();
    assert.deepEqual([value('budget_range'), value('timeline_requirements'), value('project_type')], ['20k', 'by spring', 'relaunch']);
    await world().closeWindows();
  });

  it('is added by an administrator, and by nobody else', async () => {
    const sight = await world().window('admin');
    await sight.go('/clients');
    await sight.link('New client').click();
    await sight.field('Name').fill('Brook & Daughters');
    await sight.field('E-mail').fill('hello@brook.example');
    await sight.button('Add the client').click();
    await sight.by('.toast').waitFor();
    assert.equal(await sight.heading(), 'Brook & Daughters');
    assert.equal(world().sql("SELECT status || tier FROM clients_enhanced WHERE email = 'hello@brook.example'"), 'activestandard');
    for (const role of ['client', 'staff', 'manager'] as const) {
      const body = new URLSearchParams({ name: 'X', email: 'x@y.example' });
      assert.equal((await world().fetch(role, '/clients/new', { method: 'POST', body })).status, 403, role);
    }
    await world().closeWindows();
  });

  it('is nothing to whoever is not its member, nor to be written by whoever does not manage it', async () => {
    const other = world().sql("SELECT id FROM clients_enhanced WHERE email = 'hello@stoneandfern.example'");
    assert.equal((await world().fetch('client', `/clients/${other}`)).status, 404);
    assert.equal((await world().fetch('admin', '/clients/nothing')).status, 404);
    const body = () => new URLSearchParams({ saw: '{}', phone: '1' });
    for (const [role, status] of [['client', 403], ['staff', 403]] as const) {
      assert.equal((await world().fetch(role, `/clients/${id()}/edit`, { method: 'POST', body: body() })).status, status, role);
      assert.ok(!(await (await world().fetch(role, `/clients/${id()}`)).text()).includes('/edit"'), role);
    }
    const unmanaged = world().sql("SELECT c.id FROM clients_enhanced c WHERE NOT EXISTS (SELECT FROM client_members m JOIN auth.users u ON u.id = m.user_id WHERE m.client_id = c.id AND u.email LIKE 'priya.nair@%') LIMIT 1");
    assert.equal((await world().fetch('manager', `/clients/${unmanaged}/edit`, { method: 'POST', body: body() })).status, 403);
    const tier = new URLSearchParams({ saw: '{}', tier: 'enterprise' });
    assert.equal((await world().fetch('manager', `/clients/${id()}/edit`, { method: 'POST', body: tier })).status, 422, 'a field that the form of a manager has not');
  });
});
