import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { column, given, refused, untyped } from '../world/answers.ts';
import { alder, birch } from '../world/people.ts';
import { World, type Client } from '../world/world.ts';

describe('select', () => {
  let world: World;
  let admin: Client;
  before(async () => {
    world = await World.open();
    admin = await world.as('admin');
  });
  after(() => world.close());

  it('gives every column that the caller may read for *', async () => {
    const [row] = given(await admin.from('client_members').select('*').eq('client_id', birch));
    assert.deepEqual(Object.keys(row!), [
      'client_id', 'user_id', 'member_role', 'made_by_assignment', 'created_at', 'updated_at', 'created_by', 'updated_by',
    ]);
  });

  it('leaves out of * what is kept from the caller, and refuses it by name', async () => {
    const client = await world.as('client');
    const [row] = given(await client.from('client_billing_info').select('*'));
    assert.equal(row!.subscription_tier, 'premium');
    assert.ok(!('tax_id' in row!) && !('payment_method_id' in row!));
    refused(await client.from('client_billing_info').select('tax_id'), 403, '42501');
  });

  it('gives the columns asked for, under other names and as other types', async () => {
    const row = given(
      await admin.from('client_deployments').select('name:deployment_name, uptime_percentage::text').eq('custom_domain', 'www.alder.example').single(),
    );
    assert.deepEqual(row, { name: 'Alder site', uptime_percentage: '99.95' });
  });

  it('follows a path into JSON, to JSON and to text', async () => {
    const row = given(
      await admin.from('client_deployments').select('speed:performance_metrics->performance->avg_response_time, performance_metrics->performance->>avg_response_time').eq('deployment_name', 'Alder site').single(),
    );
    assert.deepEqual(row, { speed: 120, avg_response_time: '120' });
  });

  it('counts rows, grouped by what stands beside', async () => {
    const rows = given(await admin.from('client_deployments').select('status, count()').order('status'));
    assert.deepEqual(rows, [
      { status: 'deployed', count: 2 }, { status: 'failed', count: 1 }, { status: 'maintenance', count: 1 }, { status: 'pending', count: 1 },
    ]);
  });

  it('embeds the one row that a row belongs to', async () => {
    const rows = given(await admin.from('client_deployments').select('deployment_name, client:clients_enhanced(name)').order('deployment_name').limit(2));
    assert.deepEqual(rows, [
      { deployment_name: 'Alder site', client: { name: 'Alder Dental' } },
      { deployment_name: 'Alder staging', client: { name: 'Alder Dental' } },
    ]);
  });

  it('embeds the rows that belong to a row, in their own order and number', async () => {
    const rows = given(
      await admin.from('clients_enhanced').select('name, client_deployments(deployment_name)')
        .order('name').order('deployment_name', { referencedTable: 'client_deployments', ascending: false })
        .limit(1, { referencedTable: 'client_deployments' }).limit(2),
    );
    assert.deepEqual(rows, [
      { name: 'Alder Dental', client_deployments: [{ deployment_name: 'Alder staging' }] },
      { name: 'Birch Roasters', client_deployments: [{ deployment_name: 'Birch shop' }] },
    ]);
  });

  it('embeds what is there once as an object', async () => {
    const rows = given(await admin.from('clients_enhanced').select('name, client_billing_info(subscription_tier)').order('name'));
    assert.deepEqual(column(rows, 'client_billing_info'), [
      { subscription_tier: 'premium' }, { subscription_tier: 'standard' }, { subscription_tier: 'basic' }, null,
    ]);
  });

  it('leaves out with !inner what has no such row', async () => {
    const rows = given(await admin.from('clients_enhanced').select('name, client_billing_info!inner(subscription_status)').eq('client_billing_info.subscription_status', 'trial'));
    assert.deepEqual(rows, [{ name: 'Birch Roasters', client_billing_info: { subscription_status: 'trial' } }]);
  });

  it('takes the relationship that a hint names', async () => {
    const rows = given(await admin.from('client_deployments').select('deployment_name, clients_enhanced!client_deployments_client_id_fkey(name)').eq('deployment_name', 'Birch shop'));
    assert.deepEqual(rows, [{ deployment_name: 'Birch shop', clients_enhanced: { name: 'Birch Roasters' } }]);
  });

  it('spreads the columns of the row that a row belongs to', async () => {
    const rows = given(await admin.from('client_deployments').select('deployment_name, ...clients_enhanced(client:name, tier)').eq('deployment_name', 'Birch shop'));
    assert.deepEqual(rows, [{ deployment_name: 'Birch shop', client: 'Birch Roasters', tier: 'standard' }]);
  });

  it('spreads many rows as lists', async () => {
    const rows = given(await admin.from('clients_enhanced').select('name, ...client_deployments(deployment_name)').eq('id', alder).order('deployment_name', { referencedTable: 'client_deployments' }));
    assert.deepEqual(rows, [{ name: 'Alder Dental', deployment_name: ['Alder site', 'Alder staging'] }]);
  });

  it('embeds a table in a view and a view in a table through the columns that the view shows', async () => {
    const shown = given(await admin.from('deployment_status_summary').select('deployment_name, clients_enhanced(tier)').eq('deployment_name', 'Cedar booking'));
    assert.deepEqual(shown, [{ deployment_name: 'Cedar booking', clients_enhanced: { tier: 'basic' } }]);
    const row = given(await admin.from('client_billing_info').select('currency, client_summary(deployments_count)').eq('client_id', alder).single());
    assert.deepEqual(row, { currency: 'GBP', client_summary: { deployments_count: 2 } });
  });

  describe('wrongly used', () => {
    it('says which column there is none of, and which may have been meant', async () => {
      const error = refused(await admin.from('clients_enhanced').select(untyped('teir')), 400, 'PGRST204');
      assert.match(error.message, /teir/);
      assert.match(String(error.hint), /tier/);
    });
    it('says which table there is none of', async () => {
      const error = refused(await admin.from(untyped('client_enhanced')).select('*'), 404, 'PGRST205');
      assert.match(String(error.hint), /clients_enhanced/);
    });
    it('says that nothing relates two tables', async () => {
      refused(await admin.from('client_members').select(untyped('client_id, deployment_templates(template_name)')), 400, 'PGRST200');
    });
    it('says which relationships it could be', async () => {
      const error = refused(await admin.from('clients_enhanced').select(untyped('name, client_analytics(page_views), x:client_deployments(client_customizations(client_deployments(id), clients_enhanced!no_such_hint(id)))')), 400, 'PGRST200');
      assert.ok(error.message);
    });
    it('asks which relationship is meant where there are several, and takes the one that a hint names', async () => {
      world.sql(`
        CREATE TABLE public.people_met (id integer PRIMARY KEY, name text);
        CREATE TABLE public.meetings (id integer PRIMARY KEY, host integer REFERENCES public.people_met, guest integer REFERENCES public.people_met);
        ALTER TABLE public.people_met ENABLE ROW LEVEL SECURITY;
        ALTER TABLE public.meetings ENABLE ROW LEVEL SECURITY;
        CREATE POLICY everybody ON public.people_met FOR SELECT TO authenticated USING (true);
        CREATE POLICY everybody ON public.meetings FOR SELECT TO authenticated USING (true);
        GRANT SELECT ON public.people_met, public.meetings TO authenticated;
        INSERT INTO public.people_met VALUES (1, 'Ann'), (2, 'Bea');
        INSERT INTO public.meetings VALUES (1, 1, 2)`);
      const error = refused(await untyped(admin).from('meetings').select('id, people_met(name)'), 300, 'PGRST201');
      assert.match(error.message, /more than one relationship/);
      assert.match(String(error.hint), /people_met!meetings_host_fkey/);
      assert.equal((JSON.parse(String(error.details)) as unknown[]).length, 2);
      const rows = given(await untyped(admin).from('meetings').select('host:people_met!meetings_host_fkey(name), guest:people_met!guest(name)'));
      assert.deepEqual(rows, [{ host: { name: 'Ann' }, guest: { name: 'Bea' } }]);
    });
    it('refuses a cast to what is no type, and text where a list has no end', async () => {
      refused(await admin.from('clients_enhanced').select(untyped('name::no_such_type')), 400, '42704');
      refused(await admin.from('clients_enhanced').select(untyped('name, client_deployments(id')), 400, 'PGRST100');
    });
    it('refuses another schema', async () => {
      refused(await untyped(admin).schema('auth').from('users').select('*'), 406, 'PGRST106');
    });
  });
});
