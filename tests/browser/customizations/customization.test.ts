import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { draft as aDraft, lumen, managed } from '../pages/pages.ts';
import { aWorld } from '../world/world.ts';

describe('customizations', () => {
  const world = aWorld();
  const draft = () => world().sql(aDraft);
  const waiting = () => world().sql(managed('client_customizations', "z.status = 'in_review'"));
  const value = (id: string, expression: string) => world().sql(`SELECT ${expression} FROM client_customizations WHERE id = '${id}'`);
  const idOf = (url: string) => new URL(url).pathname.split('/')[2] ?? '';

  for (const scripts of [true, false]) {
    it(`a manager begins a draft, fills it in and sends it to review${scripts ? '' : ', without scripts'}`, async () => {
      const sight = await world().window('manager', { scripts });
      await sight.go(`/clients/${world().sql(lumen)}/customizations`);
      await sight.link('New draft').click();
      await sight.field('Template').selectOption('appointment-booking');
      await sight.button('Begin a draft').click();
      await sight.page.waitForURL(/\/customizations\/[0-9a-f-]{36}\/edit$/);
      const id = idOf(sight.page.url());
      await sight.by('[name="value/branding/logo"]').fill('Breathe <script>alert(1)</script>');
      await sight.field('Wording replaced').fill('{"headline": "Hello"}');
      await sight.button('Save the draft').click();
      await sight.by('.toast').waitFor();
      assert.equal(value(id, "customization_config #>> '{branding,logo}'"), 'Breathe <script>alert(1)</script>');
      assert.equal(value(id, "copy_customizations ->> 'headline'"), 'Hello');
      assert.match((await sight.by('.keys tbody').textContent()) ?? '', /branding\.logo/);
      await sight.button('Send to review').click();
      await sight.by('.toast', { hasText: 'Sent to review' }).waitFor();
      assert.equal(value(id, 'status'), 'in_review');
      assert.equal(await sight.link('Edit').count(), 0, 'what is looked at isn’t written');
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('is sent back with a reason alone, and approved, served and taken back', async () => {
    const sight = await world().window('manager');
    await sight.go('/customizations?status=in_review');
    const id = waiting();
    await sight.go(`/customizations/${id}`);
    const refused = await world().fetch('manager', `/customizations/${id}/return`, { method: 'POST', body: new URLSearchParams({ reason: ' ' }) });
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /sent back with a reason/i);
    assert.equal(value(id, 'status'), 'in_review');
    await sight.field('What is to be done differently').fill('The logo is too small');
    await sight.button('Send back').click();
    await sight.by('.toast', { hasText: 'draft again' }).waitFor();
    assert.equal(value(id, 'status'), 'draft');
    await sight.button('Send to review').click();
    await sight.by('.toast', { hasText: 'Sent to review' }).waitFor();
    await sight.button('Approve').click();
    await sight.by('.toast', { hasText: 'Approved' }).waitFor();
    assert.equal(value(id, "status || ' ' || (approved_by IS NOT NULL)"), 'approved true');
    const before = world().sql(`SELECT coalesce((SELECT z.id::text FROM client_customizations z JOIN client_customizations n ON n.client_id = z.client_id AND n.template_id = z.template_id WHERE n.id = '${id}' AND z.is_active), '')`);
    await sight.button('Serve this version').click();
    await sight.by('.toast', { hasText: 'Served' }).waitFor();
    assert.equal(value(id, 'is_active'), 't');
    await sight.button('Undo').click();
    await sight.by('.toast', { hasText: 'Taken back' }).waitFor();
    assert.equal(value(id, 'is_active'), 'f');
    if (before) assert.equal(value(before, 'is_active'), 't');
    sight.isQuiet();
    await world().closeWindows();
  });

  it('keeps what was typed, and says at each field what is wrong with it', async () => {
    const sight = await world().window('admin');
    const id = draft();
    const before = value(id, 'customization_config');
    await sight.go(`/customizations/${id}/edit?as=json`);
    await sight.field('Values').last().fill('{"branding": }');
    await sight.by('[name="theme_config"]').fill('[]');
    sight.expect(/422/);
    await sight.button('Save the draft').click();
    await sight.by('.alert-danger').waitFor();
    assert.equal(await sight.field('Values').last().inputValue(), '{"branding": }');
    assert.match((await sight.by('#field-config-fault-0').textContent()) ?? '', /breaks at line 1/);
    assert.match((await sight.by('#field-theme-config-fault-0').textContent()) ?? '', /no object/);
    await sight.by('[name="theme_config"]').fill('');
    await sight.field('Values').last().fill('{"branding": {"primaryColor": 7}}');
    await sight.button('Save the draft').click();
    await sight.by('.alert-danger').waitFor();
    await sight.isAccessible();
    assert.equal(value(id, 'customization_config'), before, 'nothing is written of what isn’t right');
    const odd = await world().fetch('admin', `/customizations/${id}/edit`, { method: 'POST', body: new URLSearchParams({ saw: '{}', 'value/nowhere': '1' }) });
    assert.equal(odd.status, 422, 'a field that the form has not');
    await world().closeWindows();
  });

  it('shows both versions where two people write the same, and keeps what either wrote elsewhere', async () => {
    const [first, second] = [await world().window('manager'), await world().window('admin')];
    const id = draft();
    for (const sight of [first, second]) await sight.go(`/customizations/${id}/edit`);
    const colour = '[name="value/branding/primaryColor"]';
    await first.by(colour).fill('#111111');
    await first.field('Style sheet').fill('a { color: red }');
    await first.button('Save the draft').click();
    await first.by('.toast').waitFor();
    await second.by(colour).fill('#222222');
    await second.field('Layout').fill('{"columns": 3}');
    second.expect(/409/);
    await second.button('Save the draft').click();
    await second.by('.alert-warning').waitFor();
    const cells = (await second.by('.alert-warning tbody tr td').allTextContents()).map((text) => text.trim());
    assert.deepEqual(cells, ['branding.primaryColor', '#111111', '#222222']);
    assert.equal(value(id, "customization_config #>> '{branding,primaryColor}'"), '#111111');
    assert.equal(await second.field('Style sheet').inputValue(), 'a { color: red }');
    await second.isAccessible();
    await second.button('Save the draft').click();
    await second.by('.toast').waitFor();
    assert.equal(value(id, "customization_config #>> '{branding,primaryColor}'"), '#222222');
    assert.equal(value(id, "css_customizations || (layout_config ->> 'columns')"), 'a { color: red }3');
    await world().closeWindows();
  });

  it('a page that is stale moves nothing on', async () => {
    const id = draft();
    const body = new URLSearchParams({ seen: '2020-01-01T00:00:00Z' });
    const answer = await world().fetch('admin', `/customizations/${id}/submit`, { method: 'POST', body });
    assert.equal(answer.status, 412);
    assert.match(await answer.text(), /<h1/);
    assert.equal(value(id, 'status'), 'draft');
  });

  it('what is protected is proposed, and waits for somebody else', async () => {
    const id = world().sql(managed('client_customizations', "z.status = 'approved' AND NOT z.is_active"));
    world().sql("UPDATE system_configurations SET configuration_value = '[\"production\"]' WHERE configuration_key = 'protected_environments' AND is_system");
    const sight = await world().window('manager');
    await sight.go(`/customizations/${id}`);
    await sight.button('Propose to serve this version').click();
    await sight.page.waitForURL(/\/changes\/[0-9a-f-]{36}$/);
    assert.equal(value(id, 'is_active'), 'f');
    assert.equal(await sight.button('Apply').count(), 0);
    world().sql("UPDATE system_configurations SET configuration_value = '[]' WHERE configuration_key = 'protected_environments' AND is_system");
    await world().closeWindows();
  });

  it('a change to what was reviewed begins as a new draft', async () => {
    const sight = await world().window('manager');
    const served = world().sql(`SELECT id FROM client_customizations WHERE client_id = (${lumen}) AND is_active`);
    await sight.go(`/customizations/${served}`);
    await sight.button('New version from this').click();
    await sight.by('.toast', { hasText: 'A new draft' }).waitFor();
    const id = idOf(sight.page.url());
    assert.notEqual(id, served);
    assert.equal(value(id, 'status'), 'draft');
    assert.equal(value(id, 'customization_config'), value(served, 'customization_config'));
    await world().closeWindows();
  });

  it('is read by members, and written by nobody but whoever manages', async () => {
    const served = world().sql(`SELECT id FROM client_customizations WHERE client_id = (${lumen}) AND is_active`);
    for (const role of ['client', 'staff'] as const) {
      const page = await (await world().fetch(role, `/customizations/${served}`)).text();
      assert.ok(!page.includes('method="post" action="/customizations/'), role);
    }
    const other = world().sql(`SELECT id FROM client_customizations WHERE client_id <> (${lumen}) LIMIT 1`);
    assert.equal((await world().fetch('client', `/customizations/${other}`)).status, 404);
  });
});
