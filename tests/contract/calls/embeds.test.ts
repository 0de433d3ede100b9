import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { given, refused, untyped } from '../world/answers.ts';
import { alder, birch, cedar } from '../world/people.ts';
import { World, type Client } from '../world/world.ts';

describe('embeds, as components combine them', () => {
  let world: World;
  let admin: Client;
  before(async () => {
    world = await World.open();
    admin = await world.as('admin');
  });
  after(() => world.close());

  it('counts related rows beside a row, as components always wrote it', async () => {
    const rows = given(await admin.from('clients_enhanced').select('name, client_deployments(count)').order('name').limit(2));
    assert.deepEqual(rows, [
      { name: 'Alder Dental', client_deployments: [{ count: 2 }] },
      { name: 'Birch Roasters', client_deployments: [{ count: 1 }] },
    ]);
    const failed = given(await admin.from('clients_enhanced').select('client_deployments(count)').eq('client_deployments.status', 'failed').eq('id', alder));
    assert.deepEqual(failed, [{ client_deployments: [{ count: 1 }] }]);
  });

  it('takes a column that refers to a row for the row, under another name', async () => {
    const rows = given(await untyped(admin).from('client_deployments').select('deployment_name, client:client_id(name)').eq('deployment_name', 'Birch shop'));
    assert.deepEqual(rows, [{ deployment_name: 'Birch shop', client: { name: 'Birch Roasters' } }]);
  });

  it('nests three deep, each level filtered, ordered and limited for itself', async () => {
    const rows = given(
      await admin.from('clients_enhanced').select('name, client_customizations(template_id, version, client_deployments(deployment_name, status))')
        .in('id', [alder, birch]).order('name')
        .order('version', { referencedTable: 'client_customizations', ascending: false })
        .limit(1, { referencedTable: 'client_customizations' })
        .eq('client_customizations.template_id', 'storefront')
        .order('deployment_name', { referencedTable: 'client_customizations.client_deployments' })
        .neq('client_customizations.client_deployments.status', 'failed'),
    );
    assert.deepEqual(rows, [
      { name: 'Alder Dental', client_customizations: [{ template_id: 'storefront', version: 2, client_deployments: [] }] },
      { name: 'Birch Roasters', client_customizations: [{ template_id: 'storefront', version: 1, client_deployments: [{ deployment_name: 'Birch shop', status: 'pending' }] }] },
    ]);
  });

  it('embeds one table twice, each filtered by its own name', async () => {
    const rows = given(
      await admin.from('clients_enhanced').select('name, live:client_deployments(deployment_name), broken:client_deployments(deployment_name)')
        .eq('live.status', 'deployed').eq('broken.status', 'failed').eq('id', alder),
    );
    assert.deepEqual(rows, [{ name: 'Alder Dental', live: [{ deployment_name: 'Alder site' }], broken: [{ deployment_name: 'Alder staging' }] }]);
  });

  it('leaves out rows by what lies two levels beneath', async () => {
    const rows = given(
      await admin.from('clients_enhanced').select('name, client_customizations!inner(client_deployments!inner(status))')
        .eq('client_customizations.client_deployments.status', 'pending'),
    );
    assert.deepEqual(rows, [{ name: 'Birch Roasters', client_customizations: [{ client_deployments: [{ status: 'pending' }] }] }]);
  });

  it('counts the rows that an inner embed leaves, with and without the rows themselves', async () => {
    const select = 'name, client_deployments!inner(id)';
    const page = await admin.from('clients_enhanced').select(select, { count: 'exact' }).eq('client_deployments.status', 'deployed').order('name').range(0, 0);
    assert.deepEqual([page.status, page.count, page.data?.length], [206, 2, 1]);
    const head = await admin.from('clients_enhanced').select(select, { count: 'exact', head: true }).eq('client_deployments.status', 'deployed');
    assert.deepEqual([head.status, head.count, head.data], [200, 2, null]);
  });

  it('asks for rows by whether they have others, also as one of several conditions', async () => {
    const without = given(await admin.from('clients_enhanced').select('name, client_billing_info()').or('client_billing_info.is.null,tier.eq.premium').order('name'));
    assert.deepEqual(without, [{ name: 'Alder Dental' }, { name: 'Dune Travel' }]);
    const having = given(await admin.from('clients_enhanced').select('name, client_deployments()').not('client_deployments', 'is', null).eq('tier', 'basic'));
    assert.deepEqual(having, [{ name: 'Cedar School' }]);
  });

  it('orders by a column of what a row belongs to, and then by its own', async () => {
    const rows = given(
      await admin.from('client_deployments').select('deployment_name, client:clients_enhanced(tier)').order('client(tier)').order('deployment_name', { ascending: false }),
    );
    assert.deepEqual(rows.map((row) => row.deployment_name), ['Cedar booking', 'Dune booking', 'Alder staging', 'Alder site', 'Birch shop']);
  });

  it('gives embeds of what was written, and filters and orders them too', async () => {
    const row = given(
      await admin.from('clients_enhanced').update({ phone: '+43 1' }).eq('id', alder).select('name, client_deployments(deployment_name)')
        .order('deployment_name', { referencedTable: 'client_deployments', ascending: false }).single(),
    );
    assert.deepEqual(row, { name: 'Alder Dental', client_deployments: [{ deployment_name: 'Alder staging' }, { deployment_name: 'Alder site' }] });
  });

  it('shows of related rows those that the caller sees, and no others', async () => {
    const staff = await world.as('staff');
    const rows = given(await staff.from('client_deployments').select('deployment_name, clients_enhanced(name)').order('deployment_name'));
    assert.deepEqual(rows.map((row) => row.clients_enhanced.name), ['Alder Dental', 'Alder Dental', 'Cedar School']);
    const mine = given(await (await world.as('client')).from('clients_enhanced').select('name, client_deployments(count)'));
    assert.deepEqual(mine, [{ name: 'Alder Dental', client_deployments: [{ count: 2 }] }]);
  });

  it('goes through a table between two others', async () => {
    world.sql(`
      CREATE TABLE public.posts (id integer PRIMARY KEY, parent_id integer REFERENCES public.posts, title text);
      CREATE TABLE public.labels (id integer PRIMARY KEY, label text);
      CREATE TABLE public.post_labels (post_id integer REFERENCES public.posts, label_id integer REFERENCES public.labels, PRIMARY KEY (post_id, label_id));
      ALTER TABLE public.posts ENABLE ROW LEVEL SECURITY;
      ALTER TABLE public.labels ENABLE ROW LEVEL SECURITY;
      ALTER TABLE public.post_labels ENABLE ROW LEVEL SECURITY;
      CREATE POLICY everybody ON public.posts TO authenticated USING (true);
      CREATE POLICY everybody ON public.labels TO authenticated USING (true);
      CREATE POLICY everybody ON public.post_labels TO authenticated USING (true);
      GRANT SELECT ON public.posts, public.labels, public.post_labels TO authenticated;
      INSERT INTO public.posts VALUES (1, NULL, 'first'), (2, 1, 'answer'), (3, 1, 'another');
      INSERT INTO public.labels VALUES (1, 'new'), (2, 'old');
      INSERT INTO public.post_labels VALUES (1, 1), (1, 2), (2, 2)`);
    const site = untyped(admin);
    const labelled = given(await site.from('posts').select('title, labels(label)').order('id').order('label', { referencedTable: 'labels', ascending: false }));
    assert.deepEqual(labelled, [
      { title: 'first', labels: [{ label: 'old' }, { label: 'new' }] },
      { title: 'answer', labels: [{ label: 'old' }] },
      { title: 'another', labels: [] },
    ]);
    const family = given(await site.from('posts').select('title, parent:parent_id(title), answers:posts(title)').order('id').order('title', { referencedTable: 'answers' }));
    assert.deepEqual(family, [
      { title: 'first', parent: null, answers: [{ title: 'another' }, { title: 'answer' }] },
      { title: 'answer', parent: { title: 'first' }, answers: [] },
      { title: 'another', parent: { title: 'first' }, answers: [] },
    ]);
  });

  describe('wrongly used', () => {
    it('refuses to filter, order or limit by a name that select doesn\'t give', async () => {
      const deployed = admin.from('clients_enhanced').select('live:client_deployments(id)');
      refused(await deployed.eq('client_deployments.status', 'deployed'), 400, 'PGRST108');
      refused(await admin.from('clients_enhanced').select('name').limit(1, { referencedTable: 'client_deployments' }), 400, 'PGRST108');
      refused(await admin.from('clients_enhanced').select('name').or('status.eq.failed', { referencedTable: 'client_deployments' }), 400, 'PGRST108');
    });
    it('refuses an aggregate that isn\'t count(), and says which there is', async () => {
      for (const aggregate of ['annual_revenue.sum()', 'annual_revenue.avg()', 'annual_revenue.max()', 'tier, annual_revenue.min()']) {
        const error = refused(await admin.from('clients_enhanced').select(untyped(aggregate)), 400, 'PGRST100');
        assert.match(String(error.hint), /count\(\)/);
      }
    });
    it('refuses embeds that go too deep or are too many', async () => {
      const deep = 'client_deployments(clients_enhanced('.repeat(4) + 'id' + '))'.repeat(4);
      refused(await admin.from('clients_enhanced').select(untyped(deep)), 400, 'PGRST100');
      const many = Array.from({ length: 21 }, (_, place) => `e${place}:client_deployments(id)`).join(',');
      refused(await admin.from('clients_enhanced').select(untyped(many)).eq('id', cedar), 400, 'PGRST100');
    });
  });
});
