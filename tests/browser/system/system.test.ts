import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { aWorld } from '../world/world.ts';

describe('the installation', () => {
  const world = aWorld();

  for (const scripts of [true, false]) {
    it(`makes months that are missing${scripts ? '' : ', without scripts'}`, async () => {
      const last = world().sql(`SELECT max(c.oid::regclass::text) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.client_analytics'::regclass AND c.relname ~ '_y[0-9]{4}m[0-9]{2}$'`);
      world().sql(`DROP TABLE ${last}`);
      const there = () => world().sql(`SELECT to_regclass('${last}') IS NOT NULL`);
      assert.equal(there(), 'f');
      const sight = await world().window('admin', { scripts });
      await sight.go('/system');
      await sight.button('Make months ahead').click();
      await sight.by('.toast').waitFor();
      assert.match((await sight.by('.toast').first().textContent()) ?? '', /1 partition made/);
      assert.equal(there(), 't');
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('tells the schema, what jobs did, keys without what they are, and settings with their source', async () => {
    const sight = await world().window('super_admin');
    await sight.go('/system');
    const card = (heading: string) => sight.by('section.card', { has: sight.page.getByRole('heading', { name: heading, exact: true }) });
    assert.match((await card('Schema').textContent()) ?? '', /current/);
    assert.equal(await card('Schema').locator('tbody tr').count(), Number(world().sql('SELECT count(DISTINCT migration) FROM tenantry.migration_steps')));
    assert.match((await card('Jobs').textContent()) ?? '', /Newest seal of the audit log/);
    assert.match((await card('Keys').textContent()) ?? '', /encrypts/);
    const listen = card('Settings').locator('tr', { hasText: '--listen' });
    assert.match((await listen.textContent()) ?? '', /127\.0\.0\.1:\d+command line$/);
    const url = card('Settings').locator('tr', { hasText: '--database-url' });
    assert.match((await url.textContent()) ?? '', /set, and not shown/);
    assert.ok(!((await card('Settings').textContent()) ?? '').includes('postgres://'));
    await sight.isAccessible();
    await world().closeWindows();
  });
});
