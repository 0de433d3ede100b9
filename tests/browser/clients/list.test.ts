import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { aWorld } from '../world/world.ts';

describe('the list of clients', () => {
  const world = aWorld();
  const names = (text: string) => text.trim().split('\n').filter(Boolean);

  it('follows what is typed, and its URL means the same list', async () => {
    const sight = await world().window('admin');
    await sight.go('/clients');
    await sight.field('Name, company or address').fill('lumen');
    await sight.by('.list tbody tr').nth(1).waitFor({ state: 'detached' });
    assert.match(sight.page.url(), /\/clients\?q=lumen/);
    assert.equal(await sight.by('.list tbody tr').count(), 1);
    const again = await world().window('admin');
    await again.go(new URL(sight.page.url()).pathname + new URL(sight.page.url()).search);
    assert.equal(await again.by('.list tbody tr').count(), 1);
    assert.equal(await again.field('Name, company or address').inputValue(), 'lumen');
    sight.isQuiet();
    await world().closeWindows();
  });

  it('takes what is typed as it is, whatever it looks like', async () => {
    const sight = await world().window('admin');
    for (const odd of ['%', "' OR 1=1 --", '<script>alert(1)</script>', '_', '\\', '😀']) {
      await sight.go(`/clients?q=${encodeURIComponent(odd)}`);
      assert.equal(await sight.by('.list tbody tr').count(), 0, odd);
      await sight.isWhole();
    }
    await world().closeWindows();
  });

  it('narrows by every filter as SQL does, and says so', async () => {
    const sight = await world().window('admin');
    const manager = world().sql("SELECT id FROM auth.users WHERE email LIKE 'priya.nair@%'");
    for (const [query, where] of [
      ['status=suspended', "status = 'suspended' AND archived_at IS NULL"],
      ['status=archived', 'archived_at IS NOT NULL'],
      ['tier=premium', "tier = 'premium' AND archived_at IS NULL"],
      ['industry=retail', "industry = 'retail' AND archived_at IS NULL"],
      ['size=small', "business_size = 'small' AND archived_at IS NULL"],
      [`manager=${manager}`, `assigned_manager = '${manager}' AND archived_at IS NULL`],
      ['manager=nobody', 'assigned_manager IS NULL AND archived_at IS NULL'],
      ['tier=gold', 'false'],
    ] as const) {
      const expected = Number(world().sql(`SELECT count(*) FROM clients_enhanced WHERE ${where}`));
      await sight.go(`/clients?${query}`);
      assert.equal(await sight.by('.list tbody tr').count(), expected, query);
      assert.match((await sight.by('.list-count').textContent()) ?? '', new RegExp(`^${expected} client`));
      assert.equal(await sight.by('.chip').count(), 1, query);
    }
    await world().closeWindows();
  });

  it('is put in order by its headings, without scripts too', async () => {
    for (const scripts of [true, false]) {
      const sight = await world().window('admin', { scripts });
      await sight.go('/clients');
      await sight.link('Name').click();
      await sight.page.waitForURL(/sort=-name/);
      const expected = names(world().sql('SELECT name FROM clients_enhanced WHERE archived_at IS NULL ORDER BY lower(name) DESC, id DESC'));
      await sight.by('th[aria-sort=descending]').waitFor();
      assert.deepEqual(await sight.by('.list tbody .list-main a').allTextContents(), expected);
      sight.isQuiet();
    }
    await world().closeWindows();
  });

  it('shows the columns that are chosen', async () => {
    const sight = await world().window('manager');
    await sight.go('/clients?tier=premium');
    await sight.by('summary', ).filter({ hasText: 'Columns' }).click();
    await sight.by('.columns').getByLabel('Size').check();
    await sight.by('.columns').getByLabel('Renewal').uncheck();
    await sight.button('Show these').click();
    await sight.page.waitForURL(/columns=size/);
    const headings = (await sight.by('.list thead th').allTextContents()).map((text) => text.trim());
    assert.ok(headings.includes('Size') && !headings.includes('Renewal'), headings.join());
    assert.match(sight.page.url(), /tier=premium/);
    await world().closeWindows();
  });

  it('is read page by page, there and back', async () => {
    world().sql(`SET ROLE tenantry_owner;
      INSERT INTO clients_enhanced (name, email) SELECT format('Zz %s', lpad(n::text, 3, '0')), format('n%s@many.example', n) FROM generate_series(1, 120) n`);
    const sight = await world().window('super_admin');
    const seen: string[][] = [];
    await sight.go('/clients?q=many.example');
    for (;;) {
      seen.push(await sight.by('.list tbody .list-main a').allTextContents());
      const next = sight.link('Next');
      if ((await next.count()) === 0) break;
      await Promise.all([sight.page.waitForNavigation(), next.click()]);
    }
    assert.deepEqual(seen.map((page) => page.length), [50, 50, 20]);
    assert.deepEqual(seen.flat(), names(world().sql("SELECT name FROM clients_enhanced WHERE email LIKE '%@many.example' ORDER BY lower(name), id")));
    await Promise.all([sight.page.waitForNavigation(), sight.link('Previous').click()]);
    assert.deepEqual(await sight.by('.list tbody .list-main a').allTextContents(), seen[1]);
    await world().closeWindows();
  });

  it('goes into a file in which nothing is a formula', async () => {
    world().sql(`SET ROLE tenantry_owner; INSERT INTO clients_enhanced (name, email) VALUES ('=HYPERLINK("evil")', 'formula@csv.example')`);
    const answer = await world().fetch('admin', '/clients.csv?q=csv.example');
    assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
    const [, line] = (await answer.text()).split('\r\n');
    assert.match(line ?? '', /,"'=HYPERLINK\(""evil""\)","formula@csv\.example",/);
    const own = await (await world().fetch('client', '/clients.csv')).text();
    assert.equal(own.trim().split('\r\n').length, 2, "a client's own login gets its own row alone");
  });
});
