import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { everybody } from '../world/kept.ts';
import type { Role } from '../world/people.ts';
import type { Sight } from '../world/sight.ts';
import { aWorld } from '../world/world.ts';

const marker = 'marker-7c-kept-secret';

/** Reveals what a link on the page leads to: by a reason, the password, and what was filled in sent on. */
async function reveal(sight: Sight, link: string | RegExp, role: Role): Promise<void> {
  await sight.link(link).first().click();
  await sight.field('Reason').fill('the provider asks');
  await sight.button('Reveal').click();
  await sight.field('Password').fill(everybody()[role].password);
  await sight.button('Go on').click();
  await sight.button('Send it').click();
  await sight.by('.secret').waitFor();
  assert.equal(await sight.by('.secret input').inputValue(), marker);
  await sight.isAccessible();
}

describe('a secret is revealed, with the password again,', () => {
  const world = aWorld();
  const noted = () => world().sql(`SELECT count(*) FROM audit_log WHERE action = 'reveal' AND reason = 'the provider asks'`);

  it('from a deployment configuration, by whoever manages', async () => {
    const sight = await world().window('manager');
    const id = world().sql(`SELECT id FROM deployment_configurations WHERE client_id = (${lumen}) AND environment = 'production' LIMIT 1`);
    await sight.go(`/deployment-configurations/${id}/edit`);
    await sight.field('Another secret').fill('PAYMENT_KEY');
    await sight.field('Its value').fill(marker);
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();
    const shown = new URL(sight.page.url()).pathname;
    assert.ok(!(await sight.page.content()).includes(marker));
    await reveal(sight, 'Reveal…', 'manager');
    assert.equal(noted(), '1');
    await sight.link('Done').click();
    await sight.page.waitForURL(`**${shown}`);
    assert.ok(!(await sight.page.content()).includes(marker));
    for (const role of ['staff', 'client'] as const) {
      const other = await world().window(role);
      await other.go(shown);
      assert.equal(await other.link('Reveal…').count(), 0, role);
      const at = encodeURIComponent('/environment_variables/PAYMENT_KEY');
      await other.go(`/configurations/${shown.split('/')[2]}/reveal?at=${at}`, 403);
    }
    await world().closeWindows();
  });

  it('from billing, by an administrator', async () => {
    const sight = await world().window('admin');
    const client = world().sql(lumen);
    await sight.go(`/clients/${client}/billing/edit`);
    await sight.field('Tax number').fill(marker);
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();
    const before = Number(noted());
    await reveal(sight, 'Reveal', 'admin');
    assert.equal(Number(noted()), before + 1);
    await sight.link('Done').click();
    await sight.page.waitForURL(`**/clients/${client}/billing`);
    assert.ok(!(await sight.page.content()).includes(marker));
    for (const role of ['manager', 'client'] as const) {
      const other = await world().window(role);
      await other.go(`/clients/${client}/billing`);
      assert.equal(await other.link('Reveal').count(), 0, role);
      assert.ok(!(await other.page.content()).includes(marker), role);
    }
    await world().closeWindows();
  });
});
