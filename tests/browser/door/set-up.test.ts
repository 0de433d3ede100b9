import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { chromium } from 'playwright-core';

import { sql } from '../../contract/world/program.ts';
import { Sight } from '../world/sight.ts';
import { up } from '../world/up.ts';
import { flags } from '../world/world.ts';

describe('the first administrator', () => {
  for (const scripts of [true, false]) {
    it(`is made by the link that up prints, once${scripts ? '' : ', without scripts'}`, async () => {
      const database = `browser_${randomUUID().replaceAll('-', '')}`;
      const folder = mkdtempSync(join(tmpdir(), 'tenantry-browser-'));
      sql('postgres', `CREATE DATABASE ${database} TEMPLATE template0`);
      const { ready, stop } = await up(database, folder);
      const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? 'chromium', args: flags });
      try {
        const look = { baseURL: ready.url, javaScriptEnabled: scripts };
        const sight = new Sight(await (await browser.newContext(look)).newPage());
        const link = new URL(ready.set_up ?? '');
        await sight.go(link.pathname + link.search);
        assert.match(await sight.heading(), /set up/i);
        await sight.field('Your name').fill('Ada <b>First</b>');
        await sight.field('E-mail').fill('ada@agency.example');
        await sight.field('Password').fill('short');
        sight.expect(/422/);
        await sight.button('Set up').click();
        await sight.by('[aria-invalid=true]').waitFor();
        assert.equal(await sight.field('Your name').inputValue(), 'Ada <b>First</b>');
        assert.equal(sql(database, 'SELECT count(*) FROM tenantry.people'), '0');
        if (scripts) await sight.isAccessible();
        await sight.field('Password').fill('rather a long sentence');
        await sight.button('Set up').click();
        await sight.by('.toast', { hasText: 'Welcome' }).waitFor();
        assert.equal(await sight.heading(), 'Dashboard');
        assert.equal(sql(database, "SELECT role || ' ' || (SELECT email FROM auth.users u WHERE u.id = user_id) FROM tenantry.people"), 'super_admin ada@agency.example');
        // An agency without clients shows no number that is made up, and nothing breaks.
        for (const path of ['/', '/clients', '/changes', '/templates', '/customizations', '/deployments', '/deployment-configurations', '/deployment-templates', '/analytics', '/billing', '/people', '/tokens', '/audit', '/system', '/configuration', '/find?q=a']) {
          await sight.go(path);
          await sight.isWhole();
        }
        const other = new Sight(await (await browser.newContext(look)).newPage());
        await other.go(link.pathname + link.search, 404);
      } finally {
        await browser.close();
        await stop();
        sql('postgres', `DROP DATABASE ${database} WITH (FORCE)`);
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});
