import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { everybody } from '../world/kept.ts';
import { aWorld } from '../world/world.ts';

describe('what would break', () => {
  const world = aWorld();

  it('a value for every client of a template that some clients can’t take is refused, and names them', async () => {
    const sight = await world().window('admin');
    const shop = "SELECT client_id FROM client_customizations WHERE template_id = 'storefront' AND is_active ORDER BY client_id LIMIT 1";
    const before = world().sql('SELECT revision FROM tenantry.installation_revision');
    // One of its clients takes another value from there, with a lower bound.
    world().sql(
      `INSERT INTO system_configurations (client_id, configuration_key, configuration_value)
       VALUES ((${shop}), 'catalogue.pageSize', '"\${checkout.maxItems}"')`,
    );
    await sight.go(`/clients/${world().sql(shop)}/configuration/edit?key=checkout.maxItems&whose=template&in=all`);
    await sight.field('Value').fill('150');
    await sight.by('[name="reason"]').fill('more');
    await sight.button('Preview the change').click();
    await sight.page.waitForURL(/\/changes\/[0-9a-f-]{36}$/);
    assert.match((await sight.by('.decision').textContent()) ?? '', /would break/);
    assert.equal(await sight.button('Apply').count(), 0);
    const name = world().sql(`SELECT name FROM clients_enhanced WHERE id = (${shop})`);
    await sight.by('.outcome', { hasText: 'Would break' }).click();
    assert.match((await sight.by('.documents-table').textContent()) ?? '', new RegExp(name));
    // The button isn't there, and what stands behind it refuses.
    const change = sight.page.url().split('/').at(-1)?.split('?')[0] ?? '';
    const answer = await world().fetch('admin', `/changes/${change}/apply`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: '',
    });
    assert.equal(answer.status, 422);
    assert.ok(Number(world().sql('SELECT revision FROM tenantry.installation_revision')) >= Number(before));
    sight.isQuiet();
    await world().closeWindows();
  });

  it('a protected environment waits for somebody else', async () => {
    world().sql("UPDATE system_configurations SET configuration_value = '[\"production\"]' WHERE configuration_key = 'protected_environments' AND is_system");
    const author = await world().window('manager');
    await author.go(`/clients/${world().sql(lumen)}/configuration/edit?key=branding.tagline`);
    await author.field('Value').fill('Approved words');
    await author.by('[name="reason"]').fill('for approval');
    await author.button('Preview the change').click();
    await author.by('.decision').waitFor();
    assert.equal(await author.button('Apply').count(), 0);
    assert.equal(await author.button('Approve').count(), 0);
    const other = await world().window('admin');
    await other.go(new URL(author.page.url()).pathname);
    await other.field('What you have to say to it').fill('Checked');
    await other.button('Approve').click();
    await other.by('.toast', { hasText: 'Approved' }).waitFor();
    await author.page.reload();
    await author.button('Apply').click();
    await author.by('.toast', { hasText: 'Applied' }).waitFor();
    author.isQuiet();
    await world().closeWindows();
  });
});

describe('a secret', () => {
  const world = aWorld();
  const marker = 'marker-1f3a-secret';

  it('is sealed on its way in, and revealed with a reason and the password again', async () => {
    const sight = await world().window('admin');
    const client = world().sql("SELECT client_id FROM client_customizations WHERE template_id = 'storefront' AND is_active ORDER BY client_id LIMIT 1");
    await sight.go(`/clients/${client}/configuration/edit?key=store.paymentKey&as=json`);
    await sight.field('Value').fill(`"${marker}"`);
    await sight.by('[name="secret/store/paymentKey"]').check();
    await sight.by('[name="reason"]').fill('the provider’s key');
    await sight.button('Preview the change').click();
    await sight.button('Apply').click();
    await sight.by('.toast', { hasText: 'Applied' }).waitFor();
    assert.ok(!(await sight.page.content()).includes(marker));
    await sight.go(`/clients/${client}/configuration?key=store.paymentKey`);
    assert.ok(!(await sight.page.content()).includes(marker));
    await sight.link('Reveal…').click();
    await sight.by('[name="reason"]').fill('asked by the provider');
    await sight.button('Reveal').click();
    // The sessions of the suite have given no password of late.
    await sight.by('input[type="password"]').waitFor();
    assert.ok(!(await sight.page.content()).includes(marker));
    sight.expect(/Failed to load resource/);
    await sight.field('Password').fill('not the password');
    await sight.button('Go on').click();
    await sight.by('.alert-danger').waitFor();
    await sight.field('Password').fill(everybody().admin.password);
    await sight.button('Go on').click();
    // What was filled in is there still, to be sent on.
    await sight.by('.carried', { hasText: 'asked by the provider' }).waitFor();
    await sight.button('Send it').click();
    await sight.by('.secret').waitFor();
    assert.equal(await sight.by('.secret input').inputValue(), marker);
    const noted = world().sql("SELECT concat_ws(' ', action, reason, (details::text LIKE '%marker%')::text) FROM audit_log WHERE action = 'reveal' ORDER BY id DESC LIMIT 1");
    assert.match(noted, /^reveal asked by the provider/);
    assert.equal(world().sql(`SELECT count(*) FROM audit_log l WHERE l::text LIKE '%${marker}%'`), '0');
    await sight.link('Done').click();
    await sight.by('#explanation').waitFor();
    assert.ok(!(await sight.page.content()).includes(marker));
    await world().closeWindows();
  });

  it('has no button for staff, and a client’s own login sees nothing of it', async () => {
    const [staff, client] = [await world().window('staff'), await world().window('client')];
    const id = world().sql(lumen);
    for (const sight of [staff, client]) {
      await sight.go(`/clients/${id}/configuration?key=branding.tagline`);
      assert.equal(await sight.link('Reveal…').count(), 0);
    }
    assert.equal(await client.link('Edit values').count(), 0);
    assert.equal(await client.link('Changes').count(), 0);
    await client.go('/changes', 403);
    await world().closeWindows();
  });
});
