import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { column, given, refused, untyped } from '../world/answers.ts';
import { World, type Client } from '../world/world.ts';

describe('order, limit, range, count', () => {
  let world: World;
  let admin: Client;
  before(async () => {
    world = await World.open();
    admin = await world.as('admin');
  });
  after(() => world.close());

  const names = (rows: readonly { name: string }[]) => column(rows, 'name').map((name) => String(name)[0]).join('');

  it('orders up and down', async () => {
    assert.equal(names(given(await admin.from('clients_enhanced').select('name').order('name', { ascending: false }))), 'DCBA');
    assert.equal(names(given(await admin.from('clients_enhanced').select('name').order('status').order('name', { ascending: false }))), 'BADC');
  });

  it('puts NULL where it is told to', async () => {
    const by = (nullsFirst: boolean) => admin.from('clients_enhanced').select('name').order('annual_revenue', { nullsFirst, ascending: false }).order('name');
    assert.equal(names(given(await by(false))), 'CABD');
    assert.equal(names(given(await by(true))), 'BDCA');
  });

  it('orders by a column of the row that a row belongs to', async () => {
    const rows = given(await admin.from('client_deployments').select('deployment_name, clients_enhanced(name)').order('clients_enhanced(name)', { ascending: false }).limit(1));
    assert.equal(rows[0]!.deployment_name, 'Dune booking');
  });

  it('gives a page, and says which', async () => {
    assert.equal(names(given(await admin.from('clients_enhanced').select('name').order('name').limit(2))), 'AB');
    assert.equal(names(given(await admin.from('clients_enhanced').select('name').order('name').range(1, 2))), 'BC');
    const answer = await world.fetch('admin', '/rest/v1/clients_enhanced?select=name&order=name&limit=2&offset=1');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-range'), '1-2/*');
  });

  it('counts under the caller\'s own policies, whichever way is asked for', async () => {
    for (const count of ['exact', 'planned', 'estimated'] as const) {
      const page = await admin.from('clients_enhanced').select('name', { count }).order('name').limit(3);
      assert.deepEqual({ status: page.status, count: page.count }, { status: 206, count: 4 });
      const own = await (await world.as('staff')).from('clients_enhanced').select('name', { count });
      assert.deepEqual({ status: own.status, count: own.count }, { status: 200, count: 2 });
    }
  });

  it('counts without rows', async () => {
    const answer = await admin.from('clients_enhanced').select('*', { count: 'exact', head: true }).eq('status', 'active');
    assert.deepEqual({ data: answer.data, count: answer.count, error: answer.error }, { data: null, count: 2, error: null });
  });

  it('says that nothing was found', async () => {
    const answer = await world.fetch('admin', '/rest/v1/clients_enhanced?name=eq.nobody', { headers: { prefer: 'count=exact' } });
    assert.deepEqual([answer.status, answer.headers.get('content-range'), await answer.json()], [200, '*/0', []]);
  });

  it('caps the rows of an answer, and says so', async () => {
    const capped = await World.open({ TENANTRY_MAX_ROWS: '2' });
    try {
      const answer = await (await capped.as('admin')).from('clients_enhanced').select('name', { count: 'exact' }).order('name');
      assert.deepEqual({ status: answer.status, count: answer.count, names: names(given(answer)) }, { status: 206, count: 4, names: 'AB' });
    } finally {
      await capped.close();
    }
  });

  describe('wrongly used', () => {
    it('refuses a page past the end where the number is known', async () => {
      refused(await admin.from('clients_enhanced').select('name', { count: 'exact' }).range(10, 20), 416, 'PGRST103');
    });
    it('refuses a limit below zero', async () => {
      refused(await admin.from('clients_enhanced').select('name').limit(-1), 416, 'PGRST103');
    });
    it('refuses to order by what isn\'t there', async () => {
      refused(await admin.from('clients_enhanced').select('name').order(untyped('nmae')), 400, 'PGRST204');
    });
    it('refuses to order by a column of many rows', async () => {
      refused(await admin.from('clients_enhanced').select('name, client_deployments(id)').order(untyped('client_deployments(id)')), 400, 'PGRST118');
    });
    it('refuses a Range header, which would have to be honoured', async () => {
      const answer = await world.fetch('admin', '/rest/v1/clients_enhanced', { headers: { range: '0-1' } });
      assert.equal(answer.status, 400);
    });
  });
});
