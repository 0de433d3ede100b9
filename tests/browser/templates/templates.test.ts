import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { aWorld } from '../world/world.ts';

const script = '<script>document.title = "gone"</script>';

describe('templates', () => {
  const world = aWorld();
  const row = (id: string, columns: string) => world().sql(`SELECT ${columns} FROM template_configurations WHERE template_id = '${id}'`);

  for (const scripts of [true, false]) {
    it(`begin as a draft, are published with a preview, and deprecated, ${scripts ? 'with' : 'without'} JavaScript`, async () => {
      const id = scripts ? 'waiting-list' : 'gift-cards';
      const sight = await world().window('admin', { scripts });
      await sight.go('/templates');
      await sight.link('New template').click();
      await sight.field('Id').fill(id);
      await sight.field('Name').fill(`List ${script}`);
      await sight.field('Tags').fill('waiting\nqueue');
      await sight.field('Defaults').fill('{"seats": }');
      sight.expect(/Failed to load resource/);
      await sight.button('Save the draft').click();
      await sight.by('#field-default-configuration-fault-0').waitFor();
      assert.match((await sight.by('#field-default-configuration-fault-0').textContent()) ?? '', /line 1/);
      assert.equal(await sight.field('Name').inputValue(), `List ${script}`, 'what was typed stays');
      await sight.field('Defaults').fill('{"seats": 4}');
      await sight.button('Save the draft').click();
      await sight.by('.toast', { hasText: 'draft' }).waitFor();
      assert.equal(row(id, "concat_ws('|', status, default_configuration ->> 'seats', tags::text)"), 'draft|4|{waiting,queue}');

      await sight.link('Edit').click();
      await sight.field('Defaults').fill('{"seats": 6}');
      await sight.button('Save the draft').click();
      await sight.by('.toast', { hasText: 'saved' }).waitFor();
      assert.equal(row(id, "default_configuration ->> 'seats'"), '6');

      for (const [button, status] of [['Publish…', 'active'], ['Deprecate…', 'deprecated']] as const) {
        await sight.button(button).click();
        await sight.page.waitForURL(/\/changes\/[0-9a-f-]{36}$/);
        await sight.by('#preview').waitFor();
        await sight.button('Apply').click();
        await sight.by('.toast', { hasText: 'Applied' }).waitFor();
        assert.equal(row(id, 'status'), status);
        await sight.go(`/templates/${id}/versions/1.0.0`);
      }
      assert.equal(await sight.link('Edit').count(), 0, 'what was published never changes');
      assert.doesNotMatch(await sight.page.title(), /^gone/);
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('show which clients use which version, and bring one to a newer by a merge of three', async () => {
    // A client on an old version, with a value that the new one changed, too.
    const old = world().sql(
      "SELECT c.id FROM client_customizations c WHERE c.template_id = 'storefront' AND c.is_active ORDER BY c.client_id LIMIT 1",
    );
    world().sql(`SET session_replication_role = replica;
      INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema, default_configuration, status)
      SELECT template_id, v.version, template_name, configuration_schema, jsonb_build_object('store', jsonb_build_object('name', v.name), 'catalogue', jsonb_build_object('pageSize', v.size)), 'active'
        FROM (SELECT * FROM template_configurations WHERE template_id = 'storefront' ORDER BY created_at DESC LIMIT 1) t,
             (VALUES ('90.0.0', 'Old name', 24), ('91.0.0', 'New name', 48)) v (version, name, size);
      UPDATE client_customizations SET template_version = '90.0.0', customization_config = '{"store": {"name": "Ours"}, "catalogue": {"pageSize": 24}}' WHERE id = '${old}';
      RESET session_replication_role`);
    const sight = await world().window('admin');
    await sight.go('/templates/storefront');
    await sight.by(`a[href^="/customizations/${old}/upgrade"]`).click();
    assert.match((await sight.by('.upgrade-step').textContent()) ?? '', /store\.name.*Old name.*New name.*Ours/s);
    assert.match((await sight.by('.keys tbody').textContent()) ?? '', /catalogue\.pageSize.*Follows the new version/s);
    sight.expect(/Failed to load resource/);
    await sight.button('Bring it to 91.0.0').click();
    await sight.by('.alert-danger').waitFor();
    await sight.field('What stands at store.name').selectOption('value');
    await sight.field('Another value for store.name').fill(JSON.stringify(`Both ${script}`));
    await sight.isAccessible();
    await sight.button('Bring it to 91.0.0').click();
    await sight.by('.toast', { hasText: 'Brought to version 91.0.0' }).waitFor();
    const made = "SELECT concat_ws('|', status, customization_config #>> '{store,name}', customization_config #>> '{catalogue,pageSize}') FROM client_customizations WHERE template_version = '91.0.0'";
    assert.equal(world().sql(made), `draft|Both ${script}|48`);
    await sight.isWhole();
    await world().closeWindows();
  });

  it('are found by what they are for, and compared', async () => {
    const sight = await world().window('staff');
    await sight.go('/templates');
    const all = await sight.by('.list tbody tr').count();
    await sight.field('Name, id or tag').fill('storefr');
    await sight.by('.list tbody tr').nth(1).waitFor({ state: 'detached' });
    assert.ok(all > 1);
    await sight.by('.list tbody a').first().click();
    await sight.page.waitForURL(/\/templates\/storefront$/);
    assert.equal(await sight.link('New version').count(), 0);
    sight.isQuiet();
    await world().closeWindows();
  });
});
