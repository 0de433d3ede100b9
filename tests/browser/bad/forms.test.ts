import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { everybody } from '../world/kept.ts';
import { people, type Role } from '../world/people.ts';
import type { Sight } from '../world/sight.ts';
import { aWorld } from '../world/world.ts';

const scripts = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>'];

async function signIn(sight: Sight, role: Role): Promise<void> {
  await sight.field('E-mail').fill(people[role].email);
  await sight.field('Password').fill(everybody()[role].password);
  await sight.button('Sign in').click();
}

describe('what people do to forms', () => {
  const world = aWorld();
  const client = () => world().sql(lumen);
  const value = (expression: string) => world().sql(`SELECT ${expression} FROM clients_enhanced WHERE id = '${client()}'`);
  const count = (table: string) => Number(world().sql(`SELECT count(*) FROM ${table}`));

  for (const hasScripts of [true, false]) {
    it(`a session ends in the middle of a long form, ${hasScripts ? 'with' : 'without'} JavaScript: nothing is lost`, async () => {
      const sight = await world().window(undefined, { scripts: hasScripts, width: 360 });
      await sight.go(`/clients/${client()}/edit`);
      await signIn(sight, 'manager');
      await sight.page.waitForURL('**/edit');
      const goals = `Breathe & "stretch" <daily> ${hasScripts}\nTwo lines, ümlauts, 100%`;
      await sight.field('Telephone').fill(hasScripts ? '+44 1' : '+44 2');
      await sight.field('Colours').fill('{"primary": "#123456"}');
      await sight.field('Target audience').fill(goals);
      world().sql("UPDATE tenantry.sessions SET ended_at = now() WHERE kind = 'console' AND ended_at IS NULL AND user_id = (SELECT id FROM auth.users WHERE email LIKE 'priya.nair@%')");
      sight.expect(/401/);
      await sight.button('Save').click();
      await sight.by('text=is kept on this page').waitFor();
      await sight.fits();
      await signIn(sight, 'manager');
      await sight.by('text=You are signed in again').waitFor();
      await sight.fits();
      assert.ok((await sight.by('dl.carried').textContent())?.includes('<daily>'));
      if (hasScripts) await sight.isAccessible();
      await sight.button('Send it').click();
      await sight.page.waitForURL(`**/clients/${client()}`);
      assert.equal(value("target_audience || phone || (color_palette ->> 'primary')"), `${goals}${hasScripts ? '+44 1' : '+44 2'}#123456`);
      sight.isQuiet();
      await world().closeWindows();
    });
  }

  it('two people write one field: the second sees both versions, keeps what they typed and chooses', async () => {
    const [first, second] = [await world().window('super_admin'), await world().window('admin')];
    for (const sight of [first, second]) await sight.go(`/clients/${client()}/edit`);
    await first.field('Telephone').fill('111');
    await first.field('Industry').fill('Yoga and dance');
    await first.button('Save').click();
    await first.by('.toast').waitFor();
    await second.field('Telephone').fill('222');
    second.expect(/409/);
    await second.button('Save').click();
    await second.by('.alert-warning').waitFor();
    const cells = (await second.by('.alert-warning tbody tr td').allTextContents()).map((text) => text.trim());
    assert.deepEqual(cells, ['Telephone', '111', '222']);
    assert.equal(await second.field('Telephone').inputValue(), '222');
    assert.equal(value('phone'), '111');
    await second.isAccessible();
    await second.button('Save').click();
    await second.by('.toast').waitFor();
    assert.equal(value("phone || ' ' || industry"), '222 Yoga and dance');
    await world().closeWindows();
  });

  it('going back after a form was taken shows what is so now, and nothing is done twice', async () => {
    const sight = await world().window('admin');
    await sight.go(`/clients/${client()}/edit`);
    await sight.field('Telephone').fill('333');
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();
    await sight.page.goBack();
    assert.match(sight.page.url(), /\/edit$/);
    assert.equal(await sight.field('Telephone').inputValue(), '333');
    const written = () => count(`audit_log WHERE table_name = 'clients_enhanced' AND client_id = '${client()}'`);
    const before = written();
    await sight.button('Save').click();
    await sight.page.waitForURL(`**/clients/${client()}`);
    assert.equal(written(), before, 'nothing was different');
    await sight.page.goForward().catch(() => undefined);
    await sight.isWhole();
    await world().closeWindows();
  });

  for (const hasScripts of [true, false]) {
    it(`a double click does once what it asks for, ${hasScripts ? 'with' : 'without'} JavaScript`, async () => {
      const sight = await world().window('admin', { scripts: hasScripts });
      const deployment = world().sql(`SELECT id FROM client_deployments WHERE client_id = (${lumen}) ORDER BY id LIMIT 1`);
      await sight.go(`/deployments/${deployment}`);
      await sight.by('#tell [name=kind]').selectOption({ index: 1 });
      await sight.field('For people').fill('pressed twice');
      const before = count('deployment_tracking_events');
      await sight.button('Record the event').dblclick({ noWaitAfter: true });
      await sight.by('.toast', { hasText: 'recorded' }).waitFor();
      assert.equal(count('deployment_tracking_events'), before + 1);
      await world().closeWindows();
    });
  }

  it('script in the text fields of a form does nothing, there and wherever it is shown', async () => {
    const sight = await world().window('super_admin');
    const dialogs: string[] = [];
    sight.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const forms = [`/clients/${client()}/edit`, `/deployment-templates/new`, `/clients/${client()}/billing/edit`, '/people/me', '/templates/new'];
    for (const script of scripts) {
      for (const form of forms) {
        await sight.go(form);
        sight.expect(/4\d\d/);
        const fields = sight.by('main form[method=post] :is(input[type=text], textarea):visible:not([readonly])');
        for (const field of await fields.all()) {
          const holds = await field.inputValue();
          // What is JSON, or has a form of its own, is left as it is: script in those is refused by their rules.
          if (!/^[\s]*[{[]/.test(holds)) await field.fill(script);
        }
        await sight.by('main form[method=post] button[type=submit], main form[method=post] button:not([type])').first().click();
        await sight.page.waitForLoadState();
        await sight.isWhole();
      }
      for (const path of ['/', '/clients', `/clients/${client()}`, '/audit', '/deployment-templates', `/find?q=${encodeURIComponent(script)}`]) {
        await sight.go(path);
        await sight.isWhole();
      }
    }
    assert.deepEqual(dialogs, []);
    await world().closeWindows();
  });

  it('what was typed into a form about something that is gone stands on the page that says so', async () => {
    const sight = await world().window('admin', { width: 360 });
    const template = world().sql("INSERT INTO deployment_templates (template_name) VALUES ('Passing') RETURNING id");
    await sight.go(`/deployment-templates/${template}/edit`);
    await sight.field('What it is for').fill('A description that took an hour <to write>');
    world().sql(`DELETE FROM deployment_templates WHERE id = '${template}'`);
    sight.expect(/404/);
    await sight.button('Save').click();
    await sight.by('.failure').waitFor();
    assert.ok((await sight.by('dl.carried').textContent())?.includes('took an hour <to write>'));
    await sight.fits();
    await sight.isAccessible();
    await sight.isWhole();
    await world().closeWindows();
  });
});
