import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { aWorld } from '../world/world.ts';

describe('the audit log', () => {
  const world = aWorld();
  const script = '<script>document.title = "gone"</script>';

  it('tells of an act who did it, what was before and after, and that it is sealed', async () => {
    const sight = await world().window('manager');
    const client = world().sql(lumen);
    await sight.go(`/clients/${client}/edit`);
    await sight.field('Telephone').fill(script);
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();

    await sight.go(`/clients/${client}`);
    await sight.by('.tabs').getByRole('link', { name: 'Audit' }).click();
    await sight.by('.list tbody tr').first().waitFor();
    const first = (await sight.by('.list tbody tr').first().textContent()) ?? '';
    assert.match(first, /Priya Nair.*Update.*Clients enhanced.*phone/s);
    await sight.by('.list tbody tr').first().locator('a[href^="/audit/"]').first().click();
    await sight.page.waitForURL(/\/audit\/\d+$/);
    const entry = sight.page.url().split('/').at(-1) ?? '';
    const told = world().sql(`SELECT concat_ws('|', action, table_name, after ->> 'phone') FROM audit_log WHERE id = ${entry}`);
    assert.equal(told, `update|clients_enhanced|${script}`);
    assert.match((await sight.by('.trail-place').first().textContent()) ?? '', /phone.*script/s);
    assert.doesNotMatch(await sight.page.title(), /^gone/);

    assert.match((await sight.by('aside').textContent()) ?? '', /Not sealed yet.*Its contents give the hash/s);

    // What was written while `tenantry up` ran is sealed, and the page names the seal.
    const sealed = 'SELECT lower(s.ids) FROM tenantry.audit_seals s JOIN audit_log l ON l.id = lower(s.ids) ORDER BY s.number LIMIT 1';
    const head = `SELECT number || ':' || encode(seal_hash, 'hex') FROM tenantry.audit_seals WHERE ids @> (${sealed})`;
    const admin = await world().window('admin');
    await admin.go(`/audit/${world().sql(sealed)}`);
    assert.match((await admin.by('aside').textContent()) ?? '', new RegExp(`Sealed.*${world().sql(head)}.*Its contents give the hash`, 's'));
    await sight.isAccessible();
    await sight.isWhole();
    await world().closeWindows();
  });

  for (const scripts of [true, false]) {
    it(`is narrowed and exported, ${scripts ? 'with' : 'without'} JavaScript`, async () => {
      const sight = await world().window('admin', { scripts });
      await sight.go('/audit');
      await sight.field('Table').selectOption('clients_enhanced');
      if (!scripts) await sight.button('Filter').click();
      await sight.by('.chip', { hasText: 'Clients enhanced' }).waitFor();
      await sight.field('Until').fill('2000-01-01T00:00');
      if (!scripts) await sight.button('Filter').click();
      await sight.by('.empty').waitFor();
      await sight.by('.chip', { hasText: 'Until' }).click();
      await sight.by('.list tbody tr').first().waitFor();
      const path = (await sight.link('JSON lines').getAttribute('href')) ?? '';
      const answer = await world().fetch('admin', path);
      const lines = (await answer.text()).trim().split('\n');
      assert.equal(String(lines.length), world().sql("SELECT count(*) FROM audit_log WHERE table_name = 'clients_enhanced'"));
      const noted = world().sql("SELECT details #>> '{filter,table}' FROM audit_log WHERE action = 'export' ORDER BY id DESC LIMIT 1");
      assert.equal(noted, 'clients_enhanced');
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('is nothing to staff and to a client’s own login', async () => {
    for (const role of ['staff', 'client'] as const) {
      const sight = await world().window(role);
      await sight.go(`/clients/${world().sql(lumen)}`);
      assert.equal(await sight.link('Audit').count(), 0, role);
      await sight.go('/audit', 403);
      await sight.go(`/clients/${world().sql(lumen)}/audit`, 403);
      await world().closeWindows();
    }
  });
});
