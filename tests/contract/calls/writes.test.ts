import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { given, refused, untyped } from '../world/answers.ts';
import { alder, birch, cedar } from '../world/people.ts';
import { today } from '../world/program.ts';
import { World, type Client } from '../world/world.ts';

describe('insert, upsert, update, delete', () => {
  let world: World;
  let admin: Client;
  before(async () => {
    world = await World.open();
    admin = await world.as('admin');
  });
  after(() => world.close());

  describe('insert', () => {
    it('adds a row and gives nothing back', async () => {
      const answer = await admin.from('clients_enhanced').insert({ name: 'Elm', email: 'elm@elm.example' });
      assert.deepEqual([answer.status, answer.data, answer.error], [201, null, null]);
      assert.deepEqual(given(await admin.from('clients_enhanced').select('tier, status').eq('name', 'Elm')), [{ tier: 'standard', status: 'active' }]);
    });

    it('gives back what was asked for, embeds too', async () => {
      const answer = await admin.from('client_customizations').insert({ client_id: cedar, template_id: 'storefront' }).select('status, version, clients_enhanced(name)').single();
      assert.equal(answer.status, 201);
      assert.deepEqual(given(answer), { status: 'draft', version: 1, clients_enhanced: { name: 'Cedar School' } });
    });

    it('adds several, in which what is left out is NULL', async () => {
      const rows = given(
        await admin.from('clients_enhanced').insert([
          { name: 'Fir', email: 'fir@fir.example', industry: 'wood', tier: 'basic', status: 'active' },
          { name: 'Gorse', email: 'gorse@gorse.example', tier: 'premium', status: 'active' },
        ]).select('name, industry, tier').order('name'),
      );
      assert.deepEqual(rows, [{ name: 'Fir', industry: 'wood', tier: 'basic' }, { name: 'Gorse', industry: null, tier: 'premium' }]);
    });

    it('adds several, in which what is left out is the default, where asked for', async () => {
      const rows = given(
        await admin.from('clients_enhanced').insert(
          [{ name: 'Hazel', email: 'hazel@hazel.example', tier: 'basic' }, { name: 'Ivy', email: 'ivy@ivy.example' }],
          { defaultToNull: false },
        ).select('name, tier').order('name'),
      );
      assert.deepEqual(rows, [{ name: 'Hazel', tier: 'basic' }, { name: 'Ivy', tier: 'standard' }]);
    });

    it('counts', async () => {
      const answer = await admin.from('clients_enhanced').insert([{ name: 'Juniper', email: 'j@juniper.example' }], { count: 'exact' });
      assert.deepEqual([answer.status, answer.count], [201, 1]);
    });

    it('finds an event\'s client by its deployment', async () => {
      const row = given(
        await admin.from('deployment_tracking_events').insert({ deployment_id: 'd3000000-0000-4000-8000-000000000000', event_type: 'build_started' }).select('client_id, triggered_by').single(),
      );
      assert.deepEqual(row, { client_id: birch, triggered_by: 'system' });
    });

    describe('wrongly used', () => {
      it('says which column there is none of', async () => {
        const error = refused(await admin.from('clients_enhanced').insert(untyped({ name: 'X', email: 'x@x.example', teir: 'basic' })), 400, 'PGRST204');
        assert.match(String(error.hint), /tier/);
      });
      it('leaves nothing of several where one is refused', async () => {
        refused(await admin.from('clients_enhanced').insert([{ name: 'Kale', email: 'k@kale.example' }, { name: 'Again', email: 'HELLO@alder.example' }], { defaultToNull: false }), 409, '23505');
        assert.deepEqual(given(await admin.from('clients_enhanced').select('name').eq('name', 'Kale')), []);
      });
      it('says which value a list doesn\'t have, which column is missing, which row isn\'t there', async () => {
        refused(await admin.from('clients_enhanced').insert(untyped({ name: 'X', email: 'x@x.example', tier: 'professional' })), 400, '23514');
        refused(await admin.from('clients_enhanced').insert(untyped({ name: 'X' })), 400, '23502');
        refused(await admin.from('client_customizations').insert({ client_id: '00000000-0000-4000-8000-000000000000', template_id: 'storefront' }), 409, '23503');
      });
      it('says what a rule refuses, and the mend', async () => {
        const error = refused(await admin.from('client_customizations').insert({ client_id: alder, template_id: 'storefront', status: 'deployed' }), 422, 'TN422');
        assert.ok(error.hint);
      });
      it('refuses to write into a view', async () => {
        refused(await admin.from(untyped('client_summary')).insert({ name: 'X' }), 405, 'PGRST117');
      });
      it('refuses a body that is no JSON, and one that is no row', async () => {
        for (const [body, code] of [['{', 'PGRST102'], ['"text"', 'PGRST102'], ['', 'PGRST102'], ['[1]', 'PGRST102']] as const) {
          const answer = await world.fetch('admin', '/rest/v1/clients_enhanced', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
          assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [400, code], body);
        }
      });
      it('refuses a body that isn\'t JSON by its type', async () => {
        const answer = await world.fetch('admin', '/rest/v1/clients_enhanced', { method: 'POST', body: 'name\nX', headers: { 'content-type': 'text/csv' } });
        assert.equal(answer.status, 415);
      });
    });
  });

  describe('upsert', () => {
    const figure = { client_id: alder, deployment_id: 'd1000000-0000-4000-8000-000000000000', analytics_date: today, analytics_period: 'daily', page_views: 10 } as const;
    const five = 'client_id,deployment_id,analytics_date,analytics_period,analytics_hour';

    it('adds, then changes, the row with the key', async () => {
      const add = await admin.from('client_analytics').upsert({ ...figure, analytics_hour: null }, { onConflict: five }).select('page_views').single();
      assert.deepEqual([given(add), add.status], [{ page_views: 10 }, 201]);
      const change = await admin.from('client_analytics').upsert({ ...figure, analytics_hour: null, page_views: 11 }, { onConflict: five }).select('page_views').single();
      assert.deepEqual(given(change), { page_views: 11 });
      const { count } = await admin.from('client_analytics').select('*', { count: 'exact', head: true }).eq('analytics_date', today);
      assert.equal(count, 1);
    });

    it('takes the four columns that existing components use', async () => {
      const rows = given(await admin.from('client_analytics').upsert([{ ...figure, page_views: 12 }], { onConflict: 'client_id,deployment_id,analytics_date,analytics_period', defaultToNull: false }).select('page_views'));
      assert.deepEqual(rows, [{ page_views: 12 }]);
      const { count } = await admin.from('client_analytics').select('*', { count: 'exact', head: true }).eq('analytics_date', today);
      assert.equal(count, 1);
    });

    it('takes a client\'s e-mail, whatever its letter case', async () => {
      const row = given(await admin.from('clients_enhanced').upsert({ email: 'Office@Cedar.example', name: 'Cedar School', project_type: 'upserted' }, { onConflict: 'email' }).select('id, project_type').single());
      assert.deepEqual(row, { id: cedar, project_type: 'upserted' });
    });

    it('leaves alone what is there, where asked to', async () => {
      const answer = await admin.from('client_billing_info').upsert({ client_id: alder, subscription_tier: 'basic' }, { onConflict: 'client_id', ignoreDuplicates: true }).select('subscription_tier');
      assert.deepEqual(given(answer), []);
      assert.equal(given(await admin.from('client_billing_info').select('subscription_tier').eq('client_id', alder).single()).subscription_tier, 'premium');
    });

    it('takes the primary key where none is named', async () => {
      const row = given(await admin.from('client_billing_info').upsert({ id: 'bb300000-0000-4000-8000-000000000000', client_id: cedar, dunning_status: 'final' }).select('dunning_status').single());
      assert.deepEqual(row, { dunning_status: 'final' });
    });

    it('refuses columns that no key has', async () => {
      refused(await admin.from('clients_enhanced').upsert({ email: 'x@x.example', name: 'X' }, { onConflict: 'name' }), 400, '42P10');
      refused(await admin.from('clients_enhanced').upsert({ email: 'x@x.example', name: 'X' }, { onConflict: 'nmae' }), 400, 'PGRST204');
    });
  });

  describe('update', () => {
    it('changes what the filters leave, and gives it back', async () => {
      const answer = await admin.from('clients_enhanced').update({ budget_range: '10-20k' }).in('id', [alder, birch]).select('name, budget_range').order('name');
      assert.equal(answer.status, 200);
      assert.deepEqual(given(answer), [{ name: 'Alder Dental', budget_range: '10-20k' }, { name: 'Birch Roasters', budget_range: '10-20k' }]);
    });

    it('gives nothing back, or no rows, where nothing matched', async () => {
      const silent = await admin.from('clients_enhanced').update({ budget_range: 'x' }).eq('name', 'nobody');
      assert.deepEqual([silent.status, silent.data, silent.error], [204, null, null]);
      const said = await admin.from('clients_enhanced').update({ budget_range: 'x' }).eq('name', 'nobody').select('name');
      assert.deepEqual([said.status, said.data], [200, []]);
    });

    it('touches no more rows than it may', async () => {
      const few = await admin.from('clients_enhanced').update({ project_type: 'few' }).in('id', [alder, birch]).maxAffected(1);
      refused(few, 400, 'PGRST124');
      assert.deepEqual(given(await admin.from('clients_enhanced').select('name').eq('project_type', 'few')), []);
      assert.equal((await admin.from('clients_enhanced').update({ project_type: 'few' }).in('id', [alder, birch]).maxAffected(2)).status, 204);
    });

    describe('wrongly used', () => {
      it('refuses every row at once', async () => {
        const answer = await admin.from('clients_enhanced').update({ project_type: 'all' });
        assert.equal(answer.status, 400);
        assert.deepEqual(given(await admin.from('clients_enhanced').select('name').eq('project_type', 'all')), []);
      });
      it('refuses a column of which the role may not write', async () => {
        refused(await (await world.as('manager')).from('clients_enhanced').update({ tier: 'enterprise' }).eq('id', alder), 403, '42501');
      });
      it('refuses a table that the role may not write', async () => {
        refused(await (await world.as('staff')).from('clients_enhanced').update({ phone: '1' }).eq('id', alder), 403, '42501');
        refused(await world.anonymous().from('clients_enhanced').update({ phone: '1' }).eq('id', alder), 401, '42501');
      });
      it('doesn\'t move a row to another client', async () => {
        refused(await admin.from('client_deployments').update({ client_id: birch }).eq('id', 'd4000000-0000-4000-8000-000000000000'), 403, '42501');
      });
      it('says what state a row can go to', async () => {
        const error = refused(await admin.from('client_customizations').update({ status: 'deployed' }).eq('id', 'c2000000-0000-4000-8000-000000000000'), 422, 'TN422');
        assert.match(String(error.hint), /in_review/);
      });
    });
  });

  describe('delete', () => {
    it('removes what the filters leave, and gives it back', async () => {
      const answer = await admin.from('system_configurations').delete().eq('id', 'f6000000-0000-4000-8000-000000000000').select('configuration_key');
      assert.deepEqual([answer.status, given(answer)], [200, [{ configuration_key: 'features.chat' }]]);
      const again = await admin.from('system_configurations').delete().eq('id', 'f6000000-0000-4000-8000-000000000000').select('configuration_key');
      assert.deepEqual([again.status, again.data], [200, []]);
      assert.equal((await admin.from('system_configurations').delete().eq('id', 'f7000000-0000-4000-8000-000000000000')).status, 204);
    });

    it('refuses every row at once, what another row needs, and what nobody deletes', async () => {
      assert.equal((await admin.from('system_configurations').delete()).status, 400);
      refused(await admin.from('client_deployments').delete().eq('id', 'd1000000-0000-4000-8000-000000000000'), 409, '23503');
      refused(await admin.from('clients_enhanced').delete().eq('id', cedar), 403, '42501');
      refused(await world.anonymous().from('clients_enhanced').delete().eq('id', cedar), 401, '42501');
    });
  });

  describe('If-Match', () => {
    const path = '/rest/v1/system_configurations?id=eq.f1000000-0000-4000-8000-000000000000';
    const patch = (version: string) =>
      world.fetch('admin', path, { method: 'PATCH', body: JSON.stringify({ description: 'x' }), headers: { 'content-type': 'application/json', 'if-match': version } });

    it('writes the version that was read, once', async () => {
      const [row] = given(await admin.from('system_configurations').select('version').eq('id', 'f1000000-0000-4000-8000-000000000000'));
      assert.equal((await patch(`"${row!.version}"`)).status, 204);
      const late = await patch(`"${row!.version}"`);
      assert.equal(late.status, 412);
      const now = JSON.parse(((await late.json()) as { details: string }).details) as { version: number; description: string };
      assert.deepEqual([now.version, now.description], [row!.version + 1, 'x']);
    });

    it('takes updated_at elsewhere', async () => {
      const [row] = given(await admin.from('clients_enhanced').select('updated_at').eq('id', birch));
      const send = (version: string) =>
        world.fetch('admin', `/rest/v1/clients_enhanced?id=eq.${birch}`, {
          method: 'PATCH', body: JSON.stringify({ timeline_requirements: `at ${version}` }), headers: { 'content-type': 'application/json', 'if-match': `"${version}"` },
        });
      assert.equal((await send(row!.updated_at)).status, 204);
      assert.equal((await send(row!.updated_at)).status, 412);
    });
  });
});
