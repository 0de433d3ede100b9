import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { aWorld } from '../world/world.ts';

describe('deployment templates', () => {
  const world = aWorld();
  const builtIn = () => world().sql("SELECT id FROM deployment_templates WHERE template_name = 'Basic Vercel Deployment'");
  const value = (id: string, expression: string) => world().sql(`SELECT ${expression} FROM deployment_templates WHERE id = '${id}'`);

  it('one is added, found by its tag, edited and removed', async () => {
    const sight = await world().window('admin');
    await sight.go('/deployment-templates');
    await sight.link('New').click();
    await sight.field('Name').fill('Edge <script>alert(1)</script>');
    await sight.field('Tags').fill('edge\nfast');
    await sight.field('Settings').fill('{"provider": "netlify", "ssl": true}');
    await sight.field('Variables that have to be given').fill('API_URL');
    await sight.button('Add it').click();
    await sight.by('.toast').waitFor();
    const id = new URL(sight.page.url()).pathname.split('/')[2] ?? '';
    assert.equal(value(id, "template_name || ' ' || array_to_string(tags, '+') || ' ' || (configuration_template ->> 'provider') || ' ' || required_variables[1]"), 'Edge <script>alert(1)</script> edge+fast netlify API_URL');
    assert.equal(value(id, "array_to_string(supported_providers, ',')"), 'vercel,netlify,aws,gcp', 'what nobody said is as by default');
    await sight.go('/deployment-templates?q=FAST');
    assert.equal(await sight.by('table.list tbody tr').count(), 1);
    await sight.go(`/deployment-templates/${id}/edit`);
    await sight.field('Status').selectOption('deprecated');
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();
    assert.equal(value(id, 'status'), 'deprecated');
    await sight.link('Remove…').click();
    await sight.button('Remove it').click();
    await sight.by('.toast', { hasText: 'removed' }).waitFor();
    assert.equal(world().sql(`SELECT count(*) FROM deployment_templates WHERE id = '${id}'`), '0');
    await sight.isWhole();
    await world().closeWindows();
  });

  it('says at each field what is wrong, and both versions where two people write the same', async () => {
    const id = builtIn();
    const [first, second] = [await world().window('admin'), await world().window('super_admin')];
    for (const sight of [first, second]) await sight.go(`/deployment-templates/${id}/edit`);
    await first.field('Group').fill('first');
    await first.button('Save').click();
    await first.by('.toast').waitFor();
    await second.field('Group').fill('second');
    second.expect(/409/);
    await second.button('Save').click();
    await second.by('.alert-warning').waitFor();
    assert.equal(value(id, 'category'), 'first');
    await second.button('Save').click();
    await second.by('.toast').waitFor();
    assert.equal(value(id, 'category'), 'second');
    await first.go(`/deployment-templates/${id}/edit`);
    await first.field('Environments').fill('moon');
    first.expect(/422/);
    await first.button('Save').click();
    await first.by('#field-supported-environments-fault-0').waitFor();
    await first.field('Environments').fill('production');
    await first.field('Name').fill('Enterprise AWS Deployment');
    await first.button('Save').click();
    await first.by('#field-template-name-fault-0').waitFor();
    assert.match((await first.by('#field-template-name-fault-0').textContent()) ?? '', /another one/);
    await first.isAccessible();
    await world().closeWindows();
  });

  it('what Tenantry brought along stays, and nobody but administrators writes', async () => {
    const id = builtIn();
    const sight = await world().window('admin');
    await sight.go(`/deployment-templates/${id}`);
    assert.equal(await sight.link('Remove…').count(), 0);
    assert.equal((await world().fetch('admin', `/deployment-templates/${id}/remove`, { method: 'POST', body: new URLSearchParams() })).status, 403);
    assert.equal(world().sql(`SELECT count(*) FROM deployment_templates WHERE id = '${id}'`), '1');
    for (const role of ['client', 'staff', 'manager'] as const) {
      assert.equal((await world().fetch(role, `/deployment-templates/${id}/edit`, { method: 'POST', body: new URLSearchParams({ saw: '{}' }) })).status, 403, role);
      assert.ok(!(await (await world().fetch(role, `/deployment-templates/${id}`)).text()).includes('/edit"'), role);
    }
    await world().closeWindows();
  });
});
