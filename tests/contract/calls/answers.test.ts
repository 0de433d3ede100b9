import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { given, refused, untyped } from '../world/answers.ts';
import { alder, birch, cedar } from '../world/people.ts';
import { World, type Client } from '../world/world.ts';

describe('what comes back, in every mode that components ask for', () => {
  let world: World;
  let admin: Client;
  before(async () => {
    world = await World.open();
    admin = await world.as('admin');
  });
  after(() => world.close());

  const clients = () => admin.from('clients_enhanced');

  describe('count', () => {
    it('goes with ranges: the page is a part, the count the whole', async () => {
      const pages: [number, number, number, number][] = [[0, 1, 206, 2], [2, 3, 206, 2], [3, 9, 206, 1], [0, 3, 200, 4], [0, 99, 200, 4]];
      for (const [from, to, status, rows] of pages) {
        const answer = await clients().select('name', { count: 'exact' }).order('name').range(from, to);
        assert.deepEqual([answer.status, answer.data?.length, answer.count], [status, rows, 4], `${from}-${to}`);
      }
    });
    it('comes without rows, by HEAD, whichever columns are named', async () => {
      for (const columns of ['*', 'id', 'name, client_deployments(count)']) {
        const answer = await clients().select(columns as '*', { count: 'exact', head: true }).neq('status', 'churned');
        assert.deepEqual([answer.status, answer.count, answer.data, answer.error], [200, 3, null, null], columns);
      }
      const page = await clients().select('*', { count: 'exact', head: true }).range(0, 1);
      assert.deepEqual([page.status, page.count], [206, 4]);
    });
    it('comes with writes', async () => {
      const update = await clients().update({ phone: '5' }, { count: 'exact' }).in('id', [alder, birch]);
      assert.deepEqual([update.status, update.count, update.data], [204, 2, null]);
      const shown = await clients().update({ phone: '6' }, { count: 'exact' }).in('id', [alder, birch]).select('phone');
      assert.deepEqual([shown.status, shown.count, shown.data?.length], [200, 2, 2]);
      const none = await clients().delete({ count: 'exact' }).eq('id', '00000000-0000-4000-8000-000000000000');
      assert.deepEqual([none.status, none.error?.code], [403, '42501'], 'nobody removes clients');
      const removed = await admin.from('system_configurations').delete({ count: 'exact' }).eq('configuration_key', 'no.such');
      assert.deepEqual([removed.status, removed.count], [204, 0]);
      const upserted = await admin.from('deployment_templates').upsert([{ template_name: 'Count me' }, { template_name: 'Me too' }], { onConflict: 'template_name', count: 'exact' });
      assert.deepEqual([upserted.status, upserted.count], [201, 2]);
    });
    it('is refused for what can\'t be read', async () => {
      const anonymous = await world.anonymous().from('clients_enhanced').select('*', { count: 'exact', head: true });
      assert.deepEqual([anonymous.status, anonymous.count], [401, null]);
      const wrong = await clients().select(untyped('nmae'), { count: 'exact', head: true });
      assert.deepEqual([wrong.status, wrong.count], [400, null]);
    });
  });

  describe('maybeSingle and single', () => {
    it('of none', async () => {
      const read = await clients().select('name').eq('name', 'nobody').maybeSingle();
      assert.deepEqual([read.status, read.data, read.error], [200, null, null]);
      const update = await clients().update({ phone: '7' }).eq('name', 'nobody').select('name').maybeSingle();
      assert.deepEqual([update.data, update.error], [null, null]);
      refused(await clients().update({ phone: '7' }).eq('name', 'nobody').select('name').single(), 406, 'PGRST116');
      const ignored = await admin.from('client_billing_info').upsert({ client_id: alder }, { onConflict: 'client_id', ignoreDuplicates: true }).select('id').maybeSingle();
      assert.deepEqual([ignored.data, ignored.error], [null, null]);
    });
    it('of two, also where two were written, which is undone', async () => {
      refused(await clients().select('name').limit(2).maybeSingle(), 406, 'PGRST116');
      const error = refused(await clients().select('name').limit(2).single(), 406, 'PGRST116');
      assert.equal(error.details, 'The result contains 2 rows');
      const both = await admin.from('deployment_templates').insert([{ template_name: 'Twin 1' }, { template_name: 'Twin 2' }], { defaultToNull: false }).select('id').single();
      refused(both, 406, 'PGRST116');
      assert.deepEqual(given(await admin.from('deployment_templates').select('id').like('template_name', 'Twin%')), []);
    });
    it('of one, after limit, order and writes', async () => {
      assert.deepEqual(given(await clients().select('name').order('name', { ascending: false }).limit(1).single()), { name: 'Dune Travel' });
      assert.deepEqual(given(await clients().select('name').order('name').limit(1).maybeSingle()), { name: 'Alder Dental' });
      assert.deepEqual(given(await clients().update({ phone: '8' }).eq('id', cedar).select('phone').maybeSingle()), { phone: '8' });
    });
  });

  describe('CSV', () => {
    it('of rows, of none, and of what has commas, quotes, lines and embeds', async () => {
      given(await clients().update({ project_scope: 'two\nlines, "quoted"' }).eq('id', cedar).select('id'));
      const csv = given(await clients().select('name, project_scope').eq('id', cedar).csv());
      assert.equal(csv.trim(), 'name,project_scope\nCedar School,"two\nlines, ""quoted"""');
      const none = await clients().select('name, tier').eq('name', 'nobody').csv();
      assert.deepEqual([none.status, none.error], [200, null]);
      const written = given(await clients().update({ phone: '9' }).eq('id', cedar).select('name, phone').csv());
      assert.equal(written.trim(), 'name,phone\nCedar School,9');
    });
  });

  describe('a request that is broken off', () => {
    it('is an error of the client\'s, and leaves nothing behind', async () => {
      const answer = await clients().select('name').abortSignal(AbortSignal.abort());
      assert.ok(answer.error);
      assert.equal(answer.data, null);
      const later = new AbortController();
      assert.equal((await clients().select('name').abortSignal(later.signal)).status, 200);
    });
  });

  describe('writes of nothing', () => {
    it('an empty list adds no row', async () => {
      const silent = await admin.from('deployment_templates').insert([]);
      assert.deepEqual([silent.status, silent.error], [201, null]);
      assert.deepEqual(given(await admin.from('deployment_templates').insert([]).select()), []);
    });
    it('a change that names no column is refused, so that nobody takes it for one', async () => {
      refused(await clients().update({}).eq('id', alder), 400, 'PGRST102');
    });
    it('a column whose value is undefined isn\'t sent', async () => {
      assert.equal((await clients().update({ phone: undefined, industry: 'dentistry' }).eq('id', alder)).status, 204);
      assert.deepEqual(given(await clients().select('phone, industry').eq('id', alder).single()), { phone: '6', industry: 'dentistry' });
    });
  });

  describe('upsert', () => {
    const templates = () => admin.from('deployment_templates');
    it('adds some and changes others in one request, all of it or nothing', async () => {
      given(await templates().insert({ template_name: 'Old', description: 'before' }).select('id'));
      const rows = given(
        await templates().upsert([{ template_name: 'Old', description: 'after' }, { template_name: 'New', description: 'added' }], { onConflict: 'template_name' })
          .select('template_name, description').order('template_name'),
      );
      assert.deepEqual(rows, [{ template_name: 'New', description: 'added' }, { template_name: 'Old', description: 'after' }]);
      refused(await templates().upsert([{ template_name: 'Newer', description: 'x' }, { template_name: null as never, description: 'y' }], { onConflict: 'template_name' }), 400, '23502');
      assert.deepEqual(given(await templates().select('id').eq('template_name', 'Newer')), []);
    });
    it('leaves alone what is there and adds the rest, where asked to', async () => {
      const rows = given(
        await templates().upsert([{ template_name: 'Old', description: 'never' }, { template_name: 'Newest', description: 'added' }], { onConflict: 'template_name', ignoreDuplicates: true })
          .select('template_name'),
      );
      assert.deepEqual(rows, [{ template_name: 'Newest' }]);
      assert.deepEqual(given(await templates().select('description').eq('template_name', 'Old').single()), { description: 'after' });
    });
    it('gives what rows leave out its default, where asked to', async () => {
      const rows = given(
        await templates().upsert([{ template_name: 'With', default_environment: 'staging' }, { template_name: 'Without' }], { onConflict: 'template_name', defaultToNull: false })
          .select('template_name, default_environment').order('template_name'),
      );
      assert.deepEqual(rows, [{ template_name: 'With', default_environment: 'staging' }, { template_name: 'Without', default_environment: 'production' }]);
    });
    it('refuses the same row twice in one request', async () => {
      refused(await templates().upsert([{ template_name: 'Twice' }, { template_name: 'Twice' }], { onConflict: 'template_name' }), 400, '21000');
    });
  });

  it('throws what was refused, where asked to', async () => {
    await assert.rejects(async () => void (await clients().select(untyped('nmae')).throwOnError()), /nmae/);
  });
});
