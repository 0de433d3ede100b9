import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { aWorld } from '../world/world.ts';

describe('analytics', () => {
  const world = aWorld();
  const grouped = (number: string) => Number(number).toLocaleString('en-US');
  const total = (chart: string) => `figure:has(#${chart}-title) .chart-total`;
  const digits = (amount: string | null) => (amount ?? '').replace(/[^0-9.]/g, '');
  const inSpan = (days: number) => `analytics_date > (now() AT TIME ZONE 'Europe/Berlin')::date - ${days}`;

  for (const scripts of [true, false]) {
    it(`show what was reported of a client, each day once${scripts ? '' : ', without scripts'}`, async () => {
      const sight = await world().window('manager', { scripts });
      await sight.go(`/clients/${world().sql(lumen)}/analytics?days=7`);
      const visits = world().sql(`SELECT sum(sessions) FROM client_analytics WHERE client_id = (${lumen}) AND analytics_period = 'daily' AND ${inSpan(7)}`);
      assert.equal(await sight.by(total('visits')).textContent(), grouped(visits));
      const days = Number(world().sql(`SELECT count(DISTINCT analytics_date) FROM client_analytics WHERE client_id = (${lumen}) AND ${inSpan(7)}`));
      assert.equal(await sight.by('svg:has(#visits-title) rect').count(), days, 'a day that nobody reported is a gap');
      await sight.by('figure:has(#visits-title) summary').click();
      assert.equal(await sight.by('figure:has(#visits-title) tbody tr').count(), 7);
      assert.match((await sight.by('#visits-summary').textContent()) ?? '', /at least, .* at most\.$/);
      const mean = (of: string) => world().sql(`SELECT round(sum(${of} * page_views) / sum(page_views) FILTER (WHERE ${of} IS NOT NULL), 2) FROM client_analytics WHERE client_id = (${lumen}) AND analytics_period = 'daily' AND ${inSpan(7)}`);
      assert.equal(await sight.by(total('load-time')).textContent(), `${mean('avg_load_time')} s`);
      assert.equal(await sight.by(total('errors')).textContent(), `${mean('error_rate')} %`);
      if (scripts) await sight.isAccessible();
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('count hours only where nobody reported the day, and deployments only where nobody reported the client', async () => {
    const client = world().sql("SELECT client_id FROM client_analytics WHERE analytics_period = 'hourly' ORDER BY client_id LIMIT 1");
    const visits = () => world().sql(`SELECT sum(sessions) FROM client_analytics WHERE client_id = '${client}' AND analytics_period = 'daily' AND deployment_id IS NOT NULL AND ${inSpan(7)}`);
    const sight = await world().window('admin');
    await sight.go(`/clients/${client}/analytics?days=7`);
    assert.equal(await sight.by(total('visits')).textContent(), grouped(visits()));
    const [day, before] = world().sql(`SELECT analytics_date || ' ' || sum(sessions) FROM client_analytics WHERE client_id = '${client}' AND analytics_period = 'daily' AND ${inSpan(7)} GROUP BY analytics_date ORDER BY analytics_date DESC LIMIT 1`).split(' ');
    world().sql(`INSERT INTO client_analytics (client_id, analytics_date, sessions, page_views) VALUES ('${client}', '${day}', 7, 7)`);
    await sight.go(`/clients/${client}/analytics?days=7`);
    assert.equal(await sight.by(total('visits')).textContent(), grouped(String(Number(visits()) - Number(before) + 7)));
    await world().closeWindows();
  });

  it('never add up amounts of two currencies', async () => {
    const sight = await world().window('admin');
    await sight.go('/analytics?days=90');
    const currencies = world().sql(`SELECT string_agg(DISTINCT currency, ',' ORDER BY currency) FROM client_analytics WHERE revenue IS NOT NULL AND ${inSpan(90)}`).split(',');
    assert.ok(currencies.length > 1, 'the sample agency sells in several');
    const shown = await sight.by('.glance .currency').allTextContents();
    assert.deepEqual(shown, currencies);
    for (const currency of currencies) {
      const earned = world().sql(`SELECT sum(revenue) FROM client_analytics WHERE currency = '${currency}' AND analytics_period = 'daily' AND ${inSpan(90)}`);
      assert.equal(digits(await sight.by(total(`revenue-${currency.toLowerCase()}`)).textContent()), earned);
    }
    const earning = world().sql(`SELECT client_id || ' ' || string_agg(amount::text, ',' ORDER BY currency) FROM (SELECT client_id, currency, sum(revenue) AS amount FROM client_analytics WHERE revenue IS NOT NULL AND analytics_period = 'daily' AND ${inSpan(90)} GROUP BY client_id, currency) c GROUP BY client_id ORDER BY client_id LIMIT 1`);
    const [client, its = ''] = earning.split(' ');
    const row = sight.by(`.list-frame tbody tr:has(a[href*="${client}"])`);
    assert.deepEqual((await row.locator('td').last().locator('div').allTextContents()).map(digits), its.split(','));
    await sight.isWhole();
    await world().closeWindows();
  });

  it('weigh means by page views, and keep currencies apart also of one client', async () => {
    const id = world().sql("INSERT INTO clients_enhanced (name, email) VALUES ('Many Currencies', 'many@currencies.example') RETURNING id");
    const days = [
      ['0', '10', 'NULL', '5.50', "'EUR'"],
      ['1', '30', '2', '7.25', "'USD'"],
      ['2', '10', '4', '1.00', "'EUR'"],
      ['3', '0', '99', '3.00', 'NULL'],
      ['4', 'NULL', '99', 'NULL', 'NULL'],
    ];
    for (const [ago, views, load, revenue, currency] of days) {
      world().sql(`INSERT INTO client_analytics (client_id, analytics_date, sessions, page_views, avg_load_time, revenue, currency) VALUES ('${id}', (now() AT TIME ZONE 'Europe/Berlin')::date - ${ago}, 1, ${views}, ${load}, ${revenue}, ${currency})`);
    }
    const sight = await world().window('admin');
    await sight.go('/analytics?days=7&q=many');
    const cells = sight.by(`.list-frame tbody tr:has(a[href*="${id}"]) td`);
    assert.equal(await cells.nth(1).textContent(), '5');
    assert.equal(await cells.nth(3).textContent(), '2.50 s', '30 views of 2 s and 10 of 4 s');
    assert.deepEqual((await cells.last().locator('div').allTextContents()).map(digits), ['6.50', '7.25', '3.00']);
    await sight.go(`/clients/${id}/analytics?days=7`);
    assert.equal(await sight.by(total('load-time')).textContent(), '2.50 s');
    for (const [currency, earned] of [['eur', '6.50'], ['usd', '7.25'], ['unknown-currency', '3.00']]) {
      assert.equal(digits(await sight.by(total(`revenue-${currency}`)).textContent()), earned);
    }
    world().sql(`DELETE FROM client_analytics WHERE client_id = '${id}'`);
    await world().closeWindows();
  });

  it('are sorted and searched by client, and lead to each', async () => {
    const sight = await world().window('super_admin');
    await sight.go('/analytics?sort=name');
    const names = await sight.by('.list-frame tbody a').allTextContents();
    assert.deepEqual(names, [...names].sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase())));
    await sight.go('/analytics?q=villanueva&days=90');
    await sight.link('Marta Villanueva').click();
    await sight.page.waitForURL(/\/analytics\?days=90$/);
    await sight.go('/analytics?days=8', 422);
    await world().closeWindows();
  });

  it('say what would fill them where there are none', async () => {
    const id = world().sql("INSERT INTO clients_enhanced (name, email) VALUES ('Nothing Yet', 'nothing@yet.example') RETURNING id");
    const sight = await world().window('admin');
    await sight.go(`/clients/${id}/analytics`);
    assert.match((await sight.by('.empty').textContent()) ?? '', /table API/);
    world().sql(`INSERT INTO client_analytics (client_id, analytics_date, analytics_period, sessions) VALUES ('${id}', date_trunc('week', now())::date, 'weekly', 5)`);
    await sight.go(`/clients/${id}/analytics`);
    assert.match((await sight.by('.empty').textContent()) ?? '', /Only weeks or months/);
    await sight.isAccessible();
    await world().closeWindows();
  });

  it('are those of the clients that one sees', async () => {
    const members = world().sql("SELECT count(DISTINCT a.client_id) FROM client_analytics a JOIN client_members m ON m.client_id = a.client_id JOIN auth.users u ON u.id = m.user_id WHERE u.email LIKE 'marta@%' AND a.analytics_date > now()::date - 30");
    const page = await (await world().fetch('client', '/analytics')).text();
    assert.ok(page.includes(`${members} client`), members);
    const other = world().sql(`SELECT client_id FROM client_analytics WHERE client_id <> (${lumen}) LIMIT 1`);
    assert.equal((await world().fetch('client', `/clients/${other}/analytics`)).status, 404);
  });
});
