import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { given, refused, untyped } from '../world/answers.ts';
import { alder } from '../world/people.ts';
import { World, type Client } from '../world/world.ts';

describe('single, maybeSingle, csv, rpc', () => {
  let world: World;
  let admin: Client;
  before(async () => {
    world = await World.open();
    admin = await world.as('admin');
  });
  after(() => world.close());

  it('gives the one row itself', async () => {
    assert.deepEqual(given(await admin.from('clients_enhanced').select('name').eq('id', alder).single()), { name: 'Alder Dental' });
    assert.deepEqual(given(await admin.from('clients_enhanced').select('name').eq('id', alder).maybeSingle()), { name: 'Alder Dental' });
  });

  it('gives null for maybeSingle where there is none', async () => {
    const answer = await admin.from('clients_enhanced').select('name').eq('name', 'nobody').maybeSingle();
    assert.deepEqual([answer.data, answer.error], [null, null]);
  });

  it('gives CSV', async () => {
    const csv = given(await admin.from('clients_enhanced').select('name,company_name,business_goals').order('name').limit(4).csv());
    assert.deepEqual(csv.trim().split(/\r?\n/), [
      'name,company_name,business_goals',
      'Alder Dental,Alder Dental Ltd,"{""more bookings"",""fewer calls""}"',
      'Birch Roasters,Birch Roasters GmbH,"{""online sales""}"',
      'Cedar School,"Cedar, School of Music",{}',
      'Dune Travel,,{}',
    ]);
  });

  it('refuses any number of rows but one', async () => {
    const error = refused(await admin.from('clients_enhanced').select('name').single(), 406, 'PGRST116');
    assert.deepEqual([error.message, error.details], ['Cannot coerce the result to a single JSON object', 'The result contains 4 rows']);
    const none = refused(await admin.from('clients_enhanced').select('name').eq('name', 'nobody').single(), 406, 'PGRST116');
    assert.equal(none.details, 'The result contains 0 rows');
    refused(await admin.from('clients_enhanced').select('name').maybeSingle(), 406, 'PGRST116');
  });

  it('undoes a write that touched more than the one row', async () => {
    const answer = await admin.from('clients_enhanced').update({ project_type: 'undone' }).in('status', ['active']).select('name').single();
    refused(answer, 406, 'PGRST116');
    assert.deepEqual(given(await admin.from('clients_enhanced').select('name').eq('project_type', 'undone')), []);
  });

  it('has no functions', async () => {
    refused(await untyped(admin).rpc('now'), 404, 'PGRST202');
    refused(await untyped(admin).rpc('now', {}, { get: true }), 404, 'PGRST202');
  });

  it('refuses media types that it doesn\'t give', async () => {
    refused(await admin.from('clients_enhanced').select('name').geojson(), 406, 'PGRST107');
    const explained = await admin.from('clients_enhanced').select('name').explain();
    assert.equal(explained.status, 406);
  });

  it('says of what isn\'t its own that it isn\'t', async () => {
    for (const path of ['/storage/v1/bucket', '/functions/v1/hello', '/realtime/v1/api/broadcast', '/graphql/v1']) {
      const answer = await world.fetch('admin', path);
      assert.equal(answer.status, 404, path);
      const body = (await answer.json()) as { message: string };
      assert.ok(body.message.length > 10, path);
    }
  });
});
