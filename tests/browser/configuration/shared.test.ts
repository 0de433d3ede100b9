import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { aWorld } from '../world/world.ts';

describe('what all clients have in common', () => {
  const world = aWorld();
  const value = (scope: string, key: string) =>
    world().sql(`SELECT configuration_value #>> '{}' FROM system_configurations WHERE client_id IS NULL AND ${scope} AND configuration_key = '${key}'`);

  for (const scripts of [true, false]) {
    it(`is set by a form, previewed and applied, ${scripts ? 'with' : 'without'} JavaScript`, async () => {
      const key = scripts ? 'helpdesk.hours' : 'helpdesk.phone';
      const sight = await world().window('admin', { scripts });
      await sight.go('/configuration');
      await sight.link('Edit values').click();
      await sight.field('Key').fill(key);
      await sight.button('Edit').click();
      await sight.field('Value').fill('"9 to 5"');
      await sight.by('[name="reason"]').fill('the same everywhere');
      await sight.button('Preview the change').click();
      await sight.page.waitForURL(/\/changes\/[0-9a-f-]{36}$/);
      assert.equal(value('template_id IS NULL', key), '');
      await sight.button('Apply').click();
      await sight.by('.toast', { hasText: 'Applied' }).waitFor();
      assert.equal(value('template_id IS NULL', key), '9 to 5');
      await sight.go(`/configuration?q=${key}`);
      assert.equal(await sight.by('.document-rows').first().locator('tbody tr').count(), 1);
      await sight.by('.document-rows a.key', { hasText: key }).click();
      await sight.by('#explanation .layers-item.has-won').waitFor();
      assert.match((await sight.by('#explanation .has-won').textContent()) ?? '', /Global.*Won.*Tomas Lindqvist/s);
      await sight.by('#explanation').getByRole('link', { name: 'History' }).first().click();
      assert.match((await sight.by('.version').first().textContent()) ?? '', /the same everywhere/);
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('is set for the clients of one template, and locked against them', async () => {
    const sight = await world().window('admin');
    await sight.go('/templates/storefront/configuration');
    await sight.link('Edit values').click();
    await sight.field('Key').fill('checkout.maxItems');
    await sight.button('Edit').click();
    await sight.by('input[name="value/checkout/maxItems"]').fill('40');
    await sight.by('[name="lock/checkout/maxItems"]').check();
    await sight.by('[name="reason"]').fill('a fair share');
    await sight.button('Preview the change').click();
    await sight.by('.documents-table tbody tr').first().waitFor();
    await sight.button('Apply').click();
    await sight.by('.toast', { hasText: 'Applied' }).waitFor();
    assert.equal(value("template_id = 'storefront'", 'checkout.maxItems'), '40');
    const lock = "SELECT configuration_schema ->> 'x-locked' FROM system_configurations WHERE template_id = 'storefront' AND configuration_key = 'checkout.maxItems' AND client_id IS NULL";
    assert.equal(world().sql(lock), 'true');

    // The form of a client says so, and refuses.
    const shop = world().sql("SELECT client_id FROM client_customizations WHERE template_id = 'storefront' AND is_active ORDER BY client_id LIMIT 1");
    await sight.go(`/clients/${shop}/configuration/edit?key=checkout.maxItems&whose=client&in=all`);
    await sight.by('.slot-locked').waitFor();
    sight.expect(/Failed to load resource/);
    await sight.by('input[name="value/checkout/maxItems"]').fill('41');
    await sight.by('[name="reason"]').fill('more');
    await sight.button('Preview the change').click();
    await sight.by('.alert-danger').waitFor();
    assert.equal(await sight.by('input[name="value/checkout/maxItems"]').inputValue(), '41', 'what was typed stays');
    await sight.isAccessible();
    await sight.isWhole();
    await world().closeWindows();
  });

  it('steers Tenantry itself by rows of their own', async () => {
    const sight = await world().window('super_admin');
    await sight.go('/configuration');
    await sight.by('[aria-label="Edit billing_settings"]').click();
    const held = JSON.parse(await sight.field('Value').inputValue()) as Record<string, unknown>;
    await sight.field('Value').fill(JSON.stringify({ ...held, trial_days: 21 }));
    await sight.by('[name="reason"]').fill('longer trials');
    await sight.button('Preview the change').click();
    await sight.button('Apply').click();
    await sight.by('.toast', { hasText: 'Applied' }).waitFor();
    assert.equal(world().sql("SELECT configuration_value ->> 'trial_days' FROM system_configurations WHERE configuration_key = 'billing_settings' AND is_system"), '21');
    await sight.isWhole();
    await world().closeWindows();
  });

  it('is shown to staff, who find no way to change it', async () => {
    const sight = await world().window('staff');
    for (const path of ['/configuration', '/templates/storefront/configuration']) {
      await sight.go(path);
      assert.equal(await sight.link(/^Edit/).count(), 0, path);
      await sight.go(`${path}/edit?key=a`, 403);
    }
    await world().closeWindows();
  });
});
