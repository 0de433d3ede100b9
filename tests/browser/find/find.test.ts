import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { aWorld } from '../world/world.ts';

describe('finding', () => {
  const world = aWorld();

  it('opens by Ctrl-K, follows what is typed, and is gone through by the keyboard', async () => {
    const sight = await world().window('manager');
    await sight.go('/changes');
    await sight.page.keyboard.press('Control+k');
    const palette = sight.by('dialog.palette[open]');
    await palette.locator('a', { hasText: 'Dashboard' }).waitFor();
    await sight.page.keyboard.type('lumen');
    await palette.locator('a[href^="/clients/"]').first().waitFor();
    await sight.isAccessible();
    await sight.page.keyboard.press('ArrowDown');
    await sight.page.keyboard.press('Enter');
    await sight.page.waitForURL(new RegExp(`/clients/${world().sql(lumen)}$`));
    await sight.isWhole();
    await world().closeWindows();
  });

  it('opens once more after a page was left by it, and closes by Escape', async () => {
    const sight = await world().window('admin');
    await sight.go('/clients');
    await sight.page.keyboard.press('Control+k');
    await sight.by('dialog.palette[open]').waitFor();
    await sight.page.keyboard.press('Escape');
    await sight.by('dialog.palette[open]').waitFor({ state: 'detached' });
    await sight.page.keyboard.press('?');
    await sight.by('dialog.shortcuts[open]').waitFor();
    await sight.isAccessible();
    await sight.button('Close').click();
    await sight.by('dialog.shortcuts[open]').waitFor({ state: 'detached' });
    await sight.by('main input[type=search]').first().fill('?');
    assert.equal(await sight.by('dialog[open]').count(), 0, 'what is typed is no shortcut');
    await sight.isWhole();
    await world().closeWindows();
  });

  it('finds a key of a client by the client and a part of the key, as far as one sees it', async () => {
    const client = world().sql(lumen);
    const other = world().sql(`SELECT c.id FROM clients_enhanced c WHERE c.archived_at IS NULL AND NOT EXISTS (SELECT FROM client_members m JOIN auth.users u ON u.id = m.user_id
      WHERE m.client_id = c.id AND u.email LIKE 'priya.nair@%') ORDER BY c.id LIMIT 1`);
    for (const id of [client, other]) {
      world().sql(`INSERT INTO system_configurations (client_id, environment, configuration_key, configuration_value) VALUES ('${id}', 'all', 'kiosk.greeting', '"hello"')`);
    }
    const hrefs = async (role: 'client' | 'manager' | 'admin', text: string) => {
      const page = await (await world().fetch(role, `/find?q=${encodeURIComponent(text)}`)).text();
      return [client, other].map((id) => page.includes(`/clients/${id}/configuration?key=kiosk%2Egreeting`));
    };
    assert.deepEqual(await hrefs('admin', 'KIOSK'), [true, true]);
    assert.deepEqual(await hrefs('manager', 'kiosk'), [true, false]);
    assert.deepEqual(await hrefs('client', 'kiosk'), [true, false]);
    assert.deepEqual(await hrefs('admin', 'lumen greeting'), [true, false]);
    assert.deepEqual(await hrefs('admin', 'lumen kiosk.%'), [false, false]);
    const sight = await world().window('manager');
    await sight.go('/changes');
    await sight.page.keyboard.press('Control+k');
    await sight.page.keyboard.type('lumen greet');
    const palette = sight.by('dialog.palette[open]');
    await palette.locator('a[href*="kiosk"]').first().click();
    await sight.page.waitForURL(/configuration\?key=kiosk/);
    await sight.isWhole();
    await world().closeWindows();
  });

  it('works as a page without scripts, and tells nobody of what they may not see', async () => {
    const sight = await world().window('client', { scripts: false });
    await sight.go('/find?q=a');
    const all = await sight.by('.found a[href^="/clients/"]:not([href*="/configuration"])').count();
    assert.equal(all, Number(world().sql(`SELECT count(*) FROM client_members m JOIN auth.users u ON u.id = m.user_id WHERE u.email = 'marta@lumenyoga.example'`)));
    assert.equal(await sight.by('.found a[href="/system"]').count(), 0);
    await sight.by('#find-here').fill('<script>alert(1)</script>%');
    await sight.button('Find').last().click();
    assert.equal(await sight.by('.empty-title').textContent(), 'Nothing is called that');
    await sight.isWhole();
    await world().closeWindows();
  });
});
