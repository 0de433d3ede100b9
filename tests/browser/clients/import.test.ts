import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { aWorld } from '../world/world.ts';

const folder = process.env.SCREENSHOTS ?? 'target/screenshots';
const file = (text: string) => ({ name: 'clients.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

describe('clients from a file', () => {
  const world = aWorld();
  const count = (where: string) => world().sql(`SELECT count(*) FROM clients_enhanced WHERE ${where}`);

  for (const scripts of [true, false]) {
    const by = scripts ? 'with' : 'without';
    it(`a file is checked, then imported, ${by} scripts`, async () => {
      const [known = '', name = ''] = world().sql("SELECT email, name FROM clients_enhanced WHERE archived_at IS NULL ORDER BY created_at, id LIMIT 1").split('|');
      const sight = await world().window('admin', { scripts });
      await sight.go('/clients');
      await sight.link('Import').click();
      assert.equal(await sight.heading(), 'Import clients');
      if (scripts) await sight.isAccessible();
      await sight.field('File').setInputFiles(
        file(`email;name;phone;tier;Nickname\r\n${known};${name};'+44 ${by};enterprise;x\r\n${by}@new.example;New ${by};;basic;y\r\nbad@new.example;Bad;;gold;z\r\n`),
      );
      await sight.button('Upload for a dry run').click();
      await sight.page.waitForURL(/\/clients\/import\/[0-9a-f-]+$/);
      assert.equal(await sight.heading(), 'Import of clients.csv');
      await sight.field('Column “Nickname”').selectOption('-');
      if (scripts) await sight.isAccessible();
      await sight.button('Make the dry run').click();
      await sight.button('Import 2 rows').waitFor();
      assert.match((await sight.by('.import-faults').textContent()) ?? '', /tier is none of the choices/);
      assert.equal(count(`phone = '+44 ${by}' OR email = '${by}@new.example'`), '0', 'a dry run writes nothing');
      if (scripts) await sight.isAccessible();
      await sight.link('1 changed').click();
      assert.match((await sight.by('.import-changes').first().textContent()) ?? '', /Telephone/);
      if (scripts) await sight.isAccessible();
      await sight.button('Import 2 rows').click();
      await sight.page.getByText('2 rows are imported').waitFor();
      assert.match((await sight.by('.toast').textContent()) ?? '', /1 client added, 1 client changed\./);
      assert.equal(world().sql(`SELECT phone || ' ' || tier FROM clients_enhanced WHERE email = '${known}'`), `+44 ${by} enterprise`);
      assert.equal(count(`email = '${by}@new.example' AND tier = 'basic' AND created_by IS NOT NULL`), '1');
      assert.equal(count("email = 'bad@new.example'"), '0');
      if (scripts) await sight.isAccessible();
      await sight.isWhole();
      await sight.link('See the clients').click();
      await sight.page.getByText(`New ${by}`).waitFor();
      await world().closeWindows();
    });
  }

  it('what is wrong with a file stands at its field', async () => {
    const sight = await world().window('super_admin');
    await sight.go('/clients/import');
    await sight.field('File').setInputFiles(file('email,name\na@b.example,"A\n'));
    sight.expect(/422/);
    await sight.button('Upload for a dry run').click();
    await sight.by('#field-file-fault-0').waitFor();
    assert.match((await sight.by('#field-file-fault-0').textContent()) ?? '', /Line 2, cell 2: a quote is opened and never closed\. Close it/);
    await sight.isAccessible();
    assert.equal(world().sql('SELECT count(*) FROM tenantry.client_imports WHERE applied_at IS NULL'), '0');
    await world().closeWindows();
  });

  it('the export is imported as it was, and changes nothing', async () => {
    const sight = await world().window('super_admin');
    const before = world().sql('SELECT md5(string_agg(c::text, chr(10) ORDER BY id)) FROM clients_enhanced c');
    const exported = await world().fetch('super_admin', '/clients.csv');
    await sight.go('/clients/import');
    await sight.field('File').setInputFiles({ name: 'export.csv', mimeType: 'text/csv', buffer: Buffer.from(await exported.arrayBuffer()) });
    await sight.button('Upload for a dry run').click();
    await sight.page.getByText('there is nothing to import').waitFor();
    await sight.button('Throw the file away').click();
    await sight.by('.toast').waitFor();
    assert.equal(world().sql('SELECT md5(string_agg(c::text, chr(10) ORDER BY id)) FROM clients_enhanced c'), before);
    await world().closeWindows();
  });

  it('a large file shows how far it is, and goes on by itself', async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => `row${row}@large.example,Row ${row}`);
    const sight = await world().window('admin');
    await sight.go('/clients/import');
    await sight.field('File').setInputFiles(file(['email,name', ...rows].join('\n')));
    await sight.button('Upload for a dry run').click();
    await sight.button('Import 20,000 rows').click({ timeout: 60_000 });
    await sight.page.getByText('20,000 rows are imported').waitFor({ timeout: 60_000 });
    assert.equal(count("email LIKE '%@large.example'"), '20000');
    await sight.isWhole();
    await world().closeWindows();
  });

  it('every page of a file fits and is accessible, in light and dark, wide and narrow', async () => {
    const [known = '', name = ''] = world().sql("SELECT email, name FROM clients_enhanced WHERE archived_at IS NULL ORDER BY lower(name) LIMIT 1").split('|');
    const rows = `${known},${name},+44 20 7946 0000,enterprise,"more bookings\nfewer calls"\nnew@client.example,A new client,,basic,\nnobody,,,gold,\nfew@client.example,Few\n`;
    const upload = async (headings: string) => {
      const body = new FormData();
      body.append('file', new Blob([`${headings}\n${rows}`], { type: 'text/csv' }), 'clients of last year, with goals.csv');
      const answer = await world().fetch('super_admin', '/clients/import', { method: 'POST', body });
      assert.equal(answer.status, 303);
      return answer.headers.get('location') ?? '';
    };
    const columns = await upload('email,name,phone,tier,Busness goals');
    const checked = await upload('email,name,phone,tier,business_goals');
    const applied = await upload('email,name,phone,tier,business_goals');
    const done = await world().fetch('super_admin', `${applied}/apply`, { method: 'POST', body: new URLSearchParams({ check: '1' }) });
    assert.equal(done.status, 303);
    world().sql(`SET ROLE tenantry_owner; UPDATE clients_enhanced SET phone = '1', updated_at = clock_timestamp() WHERE email = '${known}'`);
    const moved = await world().fetch('super_admin', `${checked}/apply`, { method: 'POST', body: new URLSearchParams({ check: '1' }) });
    assert.equal(moved.status, 303);
    const shown = [
      ['columns', columns],
      ['refused', checked],
      ['changed', `${checked}?show=change`],
      ['added', `${checked}?show=add`],
      ['applied', applied],
    ] as const;
    for (const theme of ['light', 'dark'] as const) {
      for (const width of [1280, 390]) {
        const sight = await world().window('super_admin', { theme, width });
        for (const [picture, path] of shown) {
          await sight.go(path);
          await sight.page.screenshot({ path: `${folder}/client-import-${picture}-${theme}-${width}.png`, fullPage: true });
          await sight.fits();
          await sight.isAccessible();
          await sight.isWhole();
        }
        await world().closeWindows();
      }
    }
  });
});
