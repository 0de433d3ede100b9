import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { FunctionsHttpError } from '@supabase/supabase-js';

import { refused, untyped } from '../world/answers.ts';
import { World, type Client } from '../world/world.ts';

describe('what Supabase has and Tenantry hasn\'t says so, through supabase-js', () => {
  let world: World;
  let admin: Client;
  before(async () => {
    world = await World.open();
    admin = await world.as('admin');
  });
  after(() => world.close());

  it('functions of the database, with arguments and without, by any method', async () => {
    for (const options of [{}, { get: true }, { count: 'exact' }]) {
      const error = refused(await untyped(admin).rpc('count_clients', { tier: 'basic' }, options), 404, 'PGRST202');
      assert.match(error.message, /count_clients/);
      assert.match(String(error.hint), /tables/);
    }
    // supabase-js makes a success of 404 without a body, which an answer to HEAD never has.
    assert.equal((await world.fetch('admin', '/rest/v1/rpc/count_clients', { method: 'HEAD' })).status, 404);
  });

  it('storage', async () => {
    for (const call of [
      admin.storage.listBuckets(), admin.storage.createBucket('logos'), admin.storage.from('logos').list(),
      admin.storage.from('logos').upload('a.svg', '<svg/>'), admin.storage.from('logos').download('a.svg'),
      admin.storage.from('logos').createSignedUrl('a.svg', 60), admin.storage.from('logos').remove(['a.svg']),
    ]) {
      const { data, error } = await call;
      assert.equal(data, null);
      assert.match(String(error?.message), /Tenantry has no storage/);
    }
  });

  it('edge functions', async () => {
    const { data, error } = await admin.functions.invoke('hello', { body: { name: 'x' } });
    assert.equal(data, null);
    assert.ok(error instanceof FunctionsHttpError);
    const said = (await (error.context as Response).json()) as { message: string; hint: string };
    assert.match(said.message, /Tenantry has no edge functions/);
    assert.match(said.hint, /MOVING-FROM-SUPABASE/);
  });

  it('realtime, over its socket and over HTTP', async () => {
    for (const path of ['/realtime/v1/websocket?apikey=x&vsn=1.0.0', '/realtime/v1/api/broadcast']) {
      const answer = await world.fetch('admin', path, { method: path.endsWith('broadcast') ? 'POST' : 'GET' });
      assert.equal(answer.status, 404, path);
      assert.match(((await answer.json()) as { message: string }).message, /Tenantry has no realtime/);
    }
  });

  it('another schema, for every kind of call', async () => {
    const other = untyped(admin).schema('tenantry');
    refused(await other.from('people').select('*'), 406, 'PGRST106');
    refused(await other.from('people').insert({ role: 'super_admin' }), 406, 'PGRST106');
    refused(await other.from('people').update({ role: 'super_admin' }).eq('id', 1), 406, 'PGRST106');
    refused(await other.from('people').delete().eq('id', 1), 406, 'PGRST106');
    refused(await other.rpc('enter', {}), 406, 'PGRST106');
  });

  it('plans of statements and geography', async () => {
    assert.equal((await admin.from('clients_enhanced').select('name').explain({ analyze: true, format: 'json' })).status, 406);
    refused(await admin.from('clients_enhanced').select('name').geojson(), 406, 'PGRST107');
  });
});
