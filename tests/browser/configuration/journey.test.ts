import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { aWorld } from '../world/world.ts';

const script = '<script>document.title = "gone"</script>';

describe('the journey of a manager', () => {
  const world = aWorld();
  const tagline = () =>
    world().sql(`SELECT configuration_value #>> '{}' FROM system_configurations WHERE configuration_key = 'branding.tagline' AND client_id = (${lumen})`);

  for (const scripts of [true, false]) {
    it(`finds, understands, changes, looks back and takes back, ${scripts ? 'with' : 'without'} JavaScript`, async () => {
      const before = tagline();
      const sight = await world().window('manager', { scripts });

      // Find a client.
      await sight.go('/clients?q=lumen');
      const client = world().sql(lumen);
      assert.ok((await sight.by(`a[href="/clients/${client}"]`).count()) > 0);
      await sight.go(`/clients/${client}/configuration`);

      // See why a value is what it is.
      await sight.by('a.key', { hasText: /^tagline$/ }).click();
      await sight.by('#explanation .layers-item.has-won').waitFor();
      assert.match((await sight.by('#explanation .has-won').textContent()) ?? '', /Client.*Won/s);
      assert.match(sight.page.url(), /key=branding\.tagline/);
      assert.equal(await sight.by('.layers-item').count(), 12);

      // Change it.
      await sight.by('#explanation').getByRole('link', { name: 'Edit' }).click();
      await sight.field('Value').fill(`Breathe ${script}`);
      await sight.by('[name="reason"]').fill(`New slogan ${script}`);
      await sight.button('Preview the change').click();

      // Preview.
      await sight.page.waitForURL(/\/changes\/[0-9a-f-]{36}$/);
      const change = sight.page.url().split('/').at(-1) ?? '';
      assert.equal(await sight.by('.documents-table tbody tr').count(), 3);
      assert.equal(await sight.heading(), `New slogan ${script}`);
      assert.equal(tagline(), before, 'nothing is changed yet');

      // Apply.
      await sight.button('Apply').click();
      await sight.by('.toast', { hasText: 'Applied' }).waitFor();
      assert.equal(tagline(), `Breathe ${script}`);
      assert.equal(world().sql(`SELECT state FROM tenantry.changes WHERE id = '${change}'`), 'applied');

      // See it in the history.
      await sight.go(`/clients/${client}/configuration?key=branding.tagline`);
      await sight.by('#explanation').getByRole('link', { name: 'History' }).first().click();
      assert.match((await sight.by('.version').first().textContent()) ?? '', /Now.*New slogan/s);
      await sight.by('.version').first().getByRole('link', { name: 'Change', exact: true }).click();
      await sight.page.waitForURL(new RegExp(change));

      // Revert.
      await sight.button('Revert…').click();
      await sight.button('Apply').waitFor();
      await sight.button('Apply').click();
      await sight.by('.toast', { hasText: 'Applied' }).waitFor();
      assert.equal(tagline(), before);
      assert.doesNotMatch(await sight.page.title(), /^gone/);
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('takes back by the toast what was applied', async () => {
    const before = tagline();
    const sight = await world().window('manager');
    await sight.go(`/clients/${world().sql(lumen)}/configuration/edit?key=branding.tagline`);
    await sight.field('Value').fill('Only for a moment');
    await sight.by('[name="reason"]').fill('a try');
    await sight.button('Preview the change').click();
    await sight.button('Apply').click();
    await sight.button('Undo').click();
    await sight.by('.toast', { hasText: 'Taken back' }).waitFor();
    assert.equal(tagline(), before);
    sight.isQuiet();
    await world().closeWindows();
  });

  it('finds keys while one types, and compares environments', async () => {
    const sight = await world().window('manager');
    await sight.go(`/clients/${world().sql(lumen)}/configuration`);
    const all = await sight.by('.keys tbody tr[id]').count();
    await sight.field('Find a key or a value').fill('tagline');
    await sight.by('.keys tbody tr[id]').nth(1).waitFor({ state: 'detached' });
    assert.ok(all > 10);
    await sight.field('Find a key or a value').fill('');
    await sight.field('Compare with').selectOption('staging');
    await sight.by('.keys-compared').waitFor();
    assert.match((await sight.by('.keys-compared').textContent()) ?? '', /channels/);
    sight.isQuiet();
    await world().closeWindows();
  });
});

describe('two people', () => {
  const world = aWorld();

  it('edit one value: the second sees both versions and chooses', async () => {
    const edit = `/clients/${world().sql(lumen)}/configuration/edit?key=branding.tagline`;
    const first = await world().window('manager');
    const second = await world().window('admin');
    await first.go(edit);
    await second.go(edit);
    await first.field('Value').fill('The first');
    await first.by('[name="reason"]').fill('first');
    await first.button('Preview the change').click();
    await first.button('Apply').click();
    await first.by('.toast').waitFor();

    second.expect(/Failed to load resource/);
    await second.field('Value').fill('The second');
    await second.by('[name="reason"]').fill('second');
    await second.button('Preview the change').click();
    await second.by('.moved').waitFor();
    const both = (await second.by('.moved').textContent()) ?? '';
    assert.match(both, /The first.*The second/s);
    assert.equal(await second.field('Value').inputValue(), 'The second', 'nothing is lost');
    await second.button('Preview the change').click();
    await second.button('Apply').click();
    await second.by('.toast').waitFor();
    const now = world().sql(`SELECT configuration_value #>> '{}' FROM system_configurations WHERE configuration_key = 'branding.tagline' AND client_id = (${lumen})`);
    assert.equal(now, 'The second');
    await world().closeWindows();
  });

  it('apply two changes of one row: the second is shown both', async () => {
    const edit = `/clients/${world().sql(lumen)}/configuration/edit?key=branding.tagline`;
    const [first, second] = [await world().window('manager'), await world().window('admin')];
    for (const [sight, value] of [[first, 'one'], [second, 'two']] as const) {
      await sight.go(edit);
      await sight.field('Value').fill(value);
      await sight.by('[name="reason"]').fill(value);
      await sight.button('Preview the change').click();
      await sight.button('Apply').waitFor();
    }
    await first.button('Apply').click();
    await first.by('.toast', { hasText: 'Applied' }).waitFor();
    second.expect(/Failed to load resource/);
    await second.button('Apply').click();
    await second.by('#moved').waitFor();
    assert.match((await second.by('#moved').textContent()) ?? '', /one.*two/s);
    await second.button(/Keep mine/).click();
    await second.by('.toast', { hasText: 'Proposed anew' }).waitFor();
    await second.button('Apply').click();
    await second.by('.toast', { hasText: 'Applied' }).waitFor();
    await world().closeWindows();
  });
});
