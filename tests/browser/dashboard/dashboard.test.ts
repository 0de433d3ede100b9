import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { aWorld } from '../world/world.ts';

describe('the dashboard', () => {
  const world = aWorld();

  it('counts what there is, and every figure leads to the rows that it counts', async () => {
    const sight = await world().window('admin');
    await sight.go('/');
    const card = sight.by('section.card', { hasText: 'Clients by status' });
    const active = world().sql("SELECT count(*) FROM clients_enhanced WHERE status = 'active' AND archived_at IS NULL");
    const line = card.locator('li', { hasText: /^Active/ });
    assert.equal((await line.locator('.number').textContent())?.trim(), active);
    await line.locator('a').click();
    await sight.by('.list-count').waitFor();
    assert.equal((await sight.by('.list-count').textContent())?.trim(), `${active} clients`);
    await world().closeWindows();
  });

  it('tells a manager of what they manage, and of nothing else', async () => {
    const sight = await world().window('manager');
    await sight.go('/');
    const mine = world().sql(`SELECT count(*) FROM clients_enhanced c WHERE archived_at IS NULL AND EXISTS (
      SELECT FROM client_members m JOIN auth.users u ON u.id = m.user_id
       WHERE m.client_id = c.id AND u.email = 'priya.nair@harbourpine.example')`);
    const figure = sight.by('section.card', { hasText: 'Clients by status' }).locator('.figure');
    assert.equal((await figure.textContent())?.trim(), `${mine} clients`);
    await world().closeWindows();
  });

  it('names what needs somebody, with the way there', async () => {
    const client = world().sql("INSERT INTO clients_enhanced (name, email) VALUES ('Nobody Looks', 'nobody@looks.example') RETURNING id").split('\n')[0] ?? '';
    const sight = await world().window('admin');
    await sight.go('/');
    const matter = sight.by('.matters li', { hasText: 'manager' });
    const count = world().sql('SELECT count(*) FROM clients_enhanced WHERE assigned_manager IS NULL AND archived_at IS NULL');
    assert.equal((await matter.locator('.badge').textContent())?.trim(), count);
    await matter.locator('a').first().click();
    await sight.by('.list-count').waitFor();
    assert.equal(await sight.by('table.list a', { hasText: 'Nobody Looks' }).getAttribute('href'), `/clients/${client}`);
    await world().closeWindows();
  });

  it('names clients whose configuration does not validate, as of when the server looked', async () => {
    const client = world().sql(lumen);
    world().sql(`INSERT INTO system_configurations (client_id, environment, configuration_key, configuration_value)
      VALUES ('${client}', 'production', 'booking.cancelHours', '"many"')`);
    const sight = await world().window('manager');
    const matter = sight.by('.matters li', { hasText: /invalid configuration/ });
    await sight.go('/');
    while ((await matter.count()) === 0) await sight.go('/');
    assert.equal(await matter.locator('.text-secondary a').first().getAttribute('href'), `/clients/${client}/configuration`);
    assert.match((await sight.by('section.card', { hasText: 'What needs attention' }).locator('.note').textContent()) ?? '', /last looked at/);
    await matter.locator('a').first().click();
    const row = sight.by('table.list tbody tr', { hasText: 'booking.cancelHours' }).or(sight.by('table.list tbody tr', { hasText: 'cancelHours' }));
    await row.first().waitFor();
    await sight.isAccessible();
    await row.locator('a').first().click();
    await sight.by('table.keys').waitFor();
    assert.match(sight.page.url(), new RegExp(`/clients/${client}/configuration\\?environment=production`));
    await sight.isWhole();
    assert.equal((await world().fetch('client', '/configuration/findings')).status, 403);
    world().sql("DELETE FROM system_configurations WHERE configuration_key = 'booking.cancelHours' AND environment = 'production'");
    const gone = () => world().sql(`SELECT count(*) FROM tenantry.document_findings WHERE client_id = '${client}' AND weight = 'invalid'`);
    while (gone() !== '0') await sight.go('/');
    await world().closeWindows();
  });

  it('shows no number where there is nothing to count', async () => {
    const sight = await world().window('client');
    await sight.go('/');
    assert.equal(await sight.by('section.card', { hasText: 'Recent changes' }).count(), 0, 'changes are the agency\'s');
    await sight.isWhole();
    await sight.isAccessible();
    await world().closeWindows();
  });
});
