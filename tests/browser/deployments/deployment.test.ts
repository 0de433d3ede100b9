import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { aWorld } from '../world/world.ts';

describe('deployments', () => {
  const world = aWorld();
  const one = () => world().sql(`SELECT id FROM client_deployments WHERE client_id = (${lumen}) AND status = 'deployed' ORDER BY deployment_type, id LIMIT 1`);
  const stands = (id: string) => world().sql(`SELECT status || ' ' || health_status FROM client_deployments WHERE id = '${id}'`);
  const told = (id: string, what: string) => world().sql(`SELECT count(*) FROM deployment_tracking_events WHERE deployment_id = '${id}' AND ${what}`);

  it('are found by status, health and name, under a URL that means the same list', async () => {
    const sight = await world().window('admin');
    await sight.go('/deployments?status=failed');
    const failed = Number(world().sql("SELECT count(*) FROM client_deployments WHERE status = 'failed'"));
    assert.equal(await sight.by('table.list tbody tr').count(), failed);
    await sight.go('/deployments?health=critical&q=NO+SUCH+NAME');
    assert.match((await sight.by('.empty-title').textContent()) ?? '', /No deployment is like that/);
    await sight.go('/deployments?status=exploded', 422);
    await sight.go('/deployments?sort=client');
    await sight.link(/Next/).click();
    await sight.link(/Previous/).waitFor();
    await sight.isWhole();
    await world().closeWindows();
  });

  for (const scripts of [true, false]) {
    it(`a manager tells what happened${scripts ? '' : ', without scripts'}`, async () => {
      const sight = await world().window('manager', { scripts });
      const message = `Rebooted <script>alert(1)</script> ${scripts}`;
      await sight.go(`/deployments/${one()}`);
      await sight.field('What').last().selectOption('maintenance');
      await sight.field('How it went').selectOption('success');
      await sight.field('How long it took, in seconds').fill('90.5');
      await sight.field('For people').fill(message);
      await sight.button('Record the event').click();
      await sight.by('.toast').waitFor();
      const first = (await sight.by('.timeline-item').first().textContent()) ?? '';
      assert.ok(first.includes(message) && first.includes('1 min 30 s'), first);
      assert.equal(told(one(), `event_message = '${message}' AND duration_ms = 90500 AND triggered_by = 'user' AND triggered_by_user IS NOT NULL`), '1');
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('keeps what was typed where an event can’t be recorded', async () => {
    const sight = await world().window('admin');
    await sight.go(`/deployments/${one()}`);
    await sight.field('What').last().selectOption('error');
    await sight.field('How long it took, in seconds').fill('long');
    await sight.field('For people').fill('kept');
    sight.expect(/422/);
    await sight.button('Record the event').click();
    await sight.by('.alert-danger').waitFor();
    assert.match((await sight.by('#field-seconds-fault-0').textContent()) ?? '', /no number of seconds/);
    assert.equal(await sight.field('For people').inputValue(), 'kept');
    await sight.isAccessible();
    await world().closeWindows();
  });

  it('two who say how one stands see both, and choose', async () => {
    const [first, second] = [await world().window('manager'), await world().window('admin')];
    for (const sight of [first, second]) await sight.go(`/deployments/${one()}`);
    await first.field('Health').last().selectOption('warning');
    await first.button('Save').click();
    await first.by('.toast').waitFor();
    assert.match(stands(one()), / warning$/);
    await second.field('Health').last().selectOption('critical');
    second.expect(/409/);
    await second.button('Save').click();
    await second.by('.alert-warning').waitFor();
    const cells = (await second.by('.alert-warning tbody tr td').allTextContents()).map((text) => text.trim());
    assert.deepEqual(cells, ['Health', 'warning', 'critical']);
    assert.match(stands(one()), / warning$/, 'nothing is written before one has chosen');
    await second.isAccessible();
    await second.button('Save').click();
    await second.by('.toast').waitFor();
    assert.match(stands(one()), / critical$/);
    await world().closeWindows();
  });

  it('show a client’s own login neither logs nor variables, and nothing to press', async () => {
    const id = one();
    const [client, staff] = [await world().window('client'), await world().window('staff')];
    for (const sight of [client, staff]) {
      await sight.go(`/deployments/${id}`);
      assert.equal(await sight.by('form[method="post"][action^="/deployments/"]').count(), 0);
    }
    assert.equal(await client.page.getByText('What the build printed').count(), 0);
    assert.equal(await client.page.getByText('APP_NAME').count(), 0);
    assert.ok(await staff.page.getByText('APP_NAME').isVisible());
    const other = world().sql(`SELECT id FROM client_deployments WHERE client_id <> (${lumen}) LIMIT 1`);
    await client.go(`/deployments/${other}`, 404);
    for (const role of ['client', 'staff'] as const) {
      const body = () => new URLSearchParams({ kind: 'error', outcome: 'info' });
      assert.equal((await world().fetch(role, `/deployments/${id}/events`, { method: 'POST', body: body() })).status, 403, role);
    }
    const unmanaged = world().sql("SELECT d.id FROM client_deployments d JOIN client_members m ON m.client_id = d.client_id AND m.member_role = 'staff' JOIN auth.users u ON u.id = m.user_id WHERE u.email LIKE 'priya.nair@%' UNION ALL SELECT d.id FROM client_deployments d WHERE NOT EXISTS (SELECT FROM client_members m JOIN auth.users u ON u.id = m.user_id WHERE m.client_id = d.client_id AND u.email LIKE 'priya.nair@%') LIMIT 1");
    const answer = await world().fetch('manager', `/deployments/${unmanaged}/events`, { method: 'POST', body: new URLSearchParams({ kind: 'error', outcome: 'info' }) });
    assert.ok([403, 404].includes(answer.status), String(answer.status));
    await world().closeWindows();
  });
});
