import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { aWorld } from '../world/world.ts';

describe('deployment configurations', () => {
  const world = aWorld();
  const marker = 'marker-7c2e-secret';
  const idOf = (url: string) => new URL(url).pathname.split('/')[2] ?? '';
  const inForce = () => world().sql(`SELECT id FROM deployment_configurations WHERE client_id = (${lumen}) AND applied_revision IS NOT NULL ORDER BY environment LIMIT 1`);
  const value = (id: string, expression: string) => world().sql(`SELECT ${expression} FROM deployment_configurations WHERE id = '${id}'`);

  for (const scripts of [true, false]) {
    it(`one is begun, filled in, validated, applied and taken back${scripts ? '' : ', without scripts'}`, async () => {
      const sight = await world().window('manager', { scripts });
      const name = `lumen-begun-${scripts}`;
      await sight.go(`/clients/${world().sql(lumen)}/deployment-configurations`);
      await sight.link('New').click();
      await sight.field('Name').fill(name);
      await sight.field('Environment').selectOption('development');
      await sight.field('Template').selectOption('appointment-booking');
      await sight.field('Made from').selectOption({ label: 'Development Environment' });
      await sight.button('Begin a draft').click();
      await sight.page.waitForURL(/\/deployment-configurations\/[0-9a-f-]{36}\/edit$/);
      const id = idOf(sight.page.url());
      assert.equal(value(id, "hosting_provider || ' ' || region"), 'vercel us-east-1', 'as the deployment template says');
      await sight.field('Variables').fill('APP_NAME=Lumen <script>alert(1)</script>\nLOG_LEVEL=debug');
      await sight.field('Another secret').fill('PAYMENT_KEY');
      await sight.field('Its value').fill(marker);
      await sight.by('[name="feature_flags"]').fill('{"waitlist": true}');
      await sight.button('Save').click();
      await sight.by('.toast').waitFor();
      assert.equal(value(id, "environment_variables ->> 'APP_NAME'"), 'Lumen <script>alert(1)</script>');
      assert.equal(value(id, "(environment_variables -> 'PAYMENT_KEY' ? '$secret') || ' ' || secret_variables[1]"), 'true PAYMENT_KEY');
      assert.ok(!(await sight.page.content()).includes(marker));
      assert.ok((await sight.link('Reveal…').getAttribute('href'))?.includes(encodeURIComponent('/environment_variables/PAYMENT_KEY')));
      await sight.button('Validate').click();
      await sight.by('.toast', { hasText: 'Nothing stands in the way' }).waitFor();
      assert.equal(value(id, 'status'), 'validated');
      await sight.button('Apply').click();
      await sight.by('.toast', { hasText: 'in force' }).waitFor();
      assert.equal(value(id, "status || ' ' || (applied_revision IS NOT NULL)"), 'applied true');
      await sight.button('Undo').click();
      await sight.by('.toast', { hasText: 'Taken back' }).waitFor();
      assert.equal(value(id, 'applied_revision IS NULL'), 't');
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('an edit of what is in force changes nothing that runs, and keeps its secrets', async () => {
    const id = inForce();
    const sight = await world().window('admin');
    await sight.go(`/deployment-configurations/${id}/edit`);
    await sight.field('Another secret').fill('API_TOKEN');
    await sight.field('Its value').fill(marker);
    await sight.field('Region').fill('eu-west-9');
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();
    const secret = value(id, "environment_variables #>> '{API_TOKEN,$secret,id}'");
    assert.match((await sight.by('.decision').textContent()) ?? '', /Edited since: Region, Variables/);
    assert.equal(value(id, "status || ' ' || (applied_revision IS NOT NULL) || ' ' || (applied_configuration ->> 'region' <> region)"), 'draft true true');
    await sight.link('Edit').click();
    await sight.field('Size of machine').fill('huge');
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();
    assert.equal(value(id, "environment_variables #>> '{API_TOKEN,$secret,id}'"), secret, 'what is left empty stays');
    await sight.link('Edit').click();
    await sight.field('Take it away').check();
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();
    assert.equal(value(id, "environment_variables ? 'API_TOKEN'"), 'f');
    await world().closeWindows();
  });

  it('keeps what was typed, and says at each field what is wrong with it', async () => {
    const id = inForce();
    const sight = await world().window('admin');
    await sight.go(`/deployment-configurations/${id}/edit`);
    const before = value(id, 'version');
    await sight.field('Variables').fill('no equals sign');
    await sight.by('[name="backup_config"]').fill('[1]');
    await sight.field('Name').fill('');
    await sight.field('Another secret').fill('OTHER_KEY');
    await sight.field('Its value').fill(marker);
    await sight.page.evaluate(() => document.querySelector('#field-deployment-name')?.removeAttribute('required'));
    sight.expect(/422/);
    await sight.button('Save').click();
    await sight.by('.alert-danger').waitFor();
    assert.match((await sight.by('#field-variables-fault-0').textContent()) ?? '', /line 1: there is no =/i);
    assert.match((await sight.by('#field-backup-config-fault-0').textContent()) ?? '', /no object/);
    assert.match((await sight.by('#field-deployment-name-fault-0').textContent()) ?? '', /has to have a value/i);
    assert.equal(await sight.field('Variables').inputValue(), 'no equals sign');
    assert.ok(!(await sight.page.content()).includes(marker), 'a secret is typed anew');
    await sight.isAccessible();
    assert.equal(value(id, 'version'), before);
    const long = await world().fetch('admin', `/deployment-configurations/${id}/edit`, { method: 'POST', body: new URLSearchParams({ saw: '{}', region: 'r'.repeat(101), nowhere: '1' }) });
    assert.equal(long.status, 422);
    await world().closeWindows();
  });

  it('shows both versions where two people write the same, and keeps what either wrote elsewhere', async () => {
    const id = inForce();
    const [first, second] = [await world().window('manager'), await world().window('admin')];
    for (const sight of [first, second]) await sight.go(`/deployment-configurations/${id}/edit`);
    await first.field('Region').fill('eu-north-1');
    await first.field('Subdomain').fill('first');
    await first.button('Save').click();
    await first.by('.toast').waitFor();
    await second.field('Region').fill('eu-south-1');
    await second.field('Size of machine').fill('small');
    second.expect(/409/);
    await second.button('Save').click();
    await second.by('.alert-warning').waitFor();
    const cells = (await second.by('.alert-warning tbody tr td').allTextContents()).map((text) => text.trim());
    assert.deepEqual(cells, ['Region', 'eu-north-1', 'eu-south-1']);
    assert.equal(value(id, 'region'), 'eu-north-1');
    await second.button('Save').click();
    await second.by('.toast').waitFor();
    assert.equal(value(id, "region || ' ' || subdomain || ' ' || instance_type"), 'eu-south-1 first small');
    await world().closeWindows();
  });

  it('what fails validation says why, and what is protected is proposed', async () => {
    const failed = world().sql("SELECT id FROM deployment_configurations WHERE status = 'failed' ORDER BY id LIMIT 1");
    const sight = await world().window('admin');
    await sight.go(`/deployment-configurations/${failed}`);
    assert.match((await sight.by('.findings').textContent()) ?? '', /\/branding\/logo/);
    const validated = world().sql("SELECT id FROM deployment_configurations WHERE status = 'validated' ORDER BY id LIMIT 1");
    world().sql(`UPDATE system_configurations SET configuration_value = jsonb_build_array('${value(validated, 'environment')}') WHERE configuration_key = 'protected_environments' AND is_system`);
    await sight.go(`/deployment-configurations/${validated}`);
    await sight.button('Propose to apply').click();
    await sight.page.waitForURL(/\/changes\/[0-9a-f-]{36}$/);
    assert.equal(value(validated, 'status'), 'validated');
    world().sql("UPDATE system_configurations SET configuration_value = '[]' WHERE configuration_key = 'protected_environments' AND is_system");
    await world().closeWindows();
  });

  it('is removed by an administrator who was asked again, and comes back', async () => {
    const id = world().sql("SELECT id FROM deployment_configurations WHERE applied_revision IS NULL ORDER BY id LIMIT 1");
    const sight = await world().window('admin');
    await sight.go(`/deployment-configurations/${id}`);
    await sight.link('Remove…').click();
    await sight.button('Remove it').click();
    await sight.by('.toast', { hasText: 'Removed' }).waitFor();
    assert.equal(world().sql(`SELECT count(*) FROM deployment_configurations WHERE id = '${id}'`), '0');
    await sight.button('Undo').click();
    await sight.by('.toast', { hasText: 'Taken back' }).waitFor();
    assert.equal(world().sql(`SELECT count(*) FROM deployment_configurations WHERE id = '${id}'`), '1');
    assert.equal((await world().fetch('manager', `/deployment-configurations/${id}/remove`, { method: 'POST', body: new URLSearchParams() })).status, 403);
    await world().closeWindows();
  });

  it('a client’s own login sees neither variables nor what the agency keeps', async () => {
    const id = inForce();
    const page = await (await world().fetch('client', `/deployment-configurations/${id}`)).text();
    for (const kept of ['Variables', 'Configuration of the app', 'Backup<', 'method="post" action="/deployment-configurations']) assert.ok(!page.includes(kept), kept);
    const other = world().sql(`SELECT id FROM deployment_configurations WHERE client_id <> (${lumen}) LIMIT 1`);
    assert.equal((await world().fetch('client', `/deployment-configurations/${other}`)).status, 404);
  });
});
