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

  it('works as a page without scripts, and tells nobody of what they may not see', async () => {
    const sight = await world().window('client', { scripts: false });
    await sight.go('/find?q=a');
    const all = await sight.by('.found a[href^="/clients/"]').count();
    assert.equal(all, Number(world().sql(`SELECT count(*) FROM client_members m JOIN auth.users u ON u.id = m.user_id WHERE u.email = 'marta@lumenyoga.example'`)));
    assert.equal(await sight.by('.found a[href="/system"]').count(), 0);
    await sight.by('#find-here').fill('<script>alert(1)</script>%');
    await sight.button('Find').last().click();
    assert.equal(await sight.by('.empty-title').textContent(), 'Nothing is called that');
    await sight.isWhole();
    await world().closeWindows();
  });
});
