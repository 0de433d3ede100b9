import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { createClient } from '@supabase/supabase-js';

import type { Database } from '../../../types/database.ts';
import { given, refused } from '../world/answers.ts';
import { alder, people } from '../world/people.ts';
import { tenantry } from '../world/program.ts';
import { options, World, type Client } from '../world/world.ts';

describe('keys and tokens', () => {
  let world: World;
  before(async () => (world = await World.open()));
  after(() => world.close());

  const made = (kind: string, ...more: string[]) =>
    tenantry(world.database, ['token', 'create', kind, '--name', 'keys.test', ...more]) as { token: string; token_id?: string };
  const withKey = (token: string): Client => createClient<Database>(world.url, token, options);
  const clients = (client: Client) => client.from('clients_enhanced').select('name').order('name');

  it('a publishable key is nobody in particular', async () => {
    const { token } = made('publishable');
    assert.match(token, /^tnt_pub_/);
    refused(await clients(withKey(token)), 401, '42501');
  });

  it('a personal token is the person, and reads unless it was made to write', async () => {
    const [reads, writes] = [made('personal', '--user', people.manager), made('personal', '--user', people.manager, '--scope', 'read', '--scope', 'write')];
    assert.match(reads.token, /^tnt_pat_/);
    assert.equal(given(await clients(withKey(reads.token))).length, 3);
    const change = (client: Client) => client.from('clients_enhanced').update({ phone: '7' }).eq('id', alder);
    assert.equal((await change(withKey(reads.token))).status, 403);
    assert.equal((await change(withKey(writes.token))).status, 204);
  });

  it('a service token may what an admin may, but never people', async () => {
    const { token } = made('service', '--scope', 'read', '--scope', 'write');
    assert.match(token, /^tnt_svc_/);
    const service = withKey(token);
    assert.equal(given(await clients(service)).length, 4);
    assert.ok(given(await service.from('client_members').select('user_id')).length > 0);
    refused(await service.from('client_members').delete().eq('client_id', alder), 403, '42501');
    const { token: reads } = made('service');
    assert.equal((await withKey(reads).from('clients_enhanced').update({ phone: '8' }).eq('id', alder)).status, 403);
  });

  it('a runtime token reads configuration elsewhere, and nothing here', async () => {
    const { token } = made('runtime', '--client', 'hello@alder.example', '--environment', 'production');
    assert.match(token, /^tnt_rt_/);
    assert.equal((await clients(withKey(token))).status, 403);
  });

  it('a revoked token is refused from the next request on', async () => {
    const { token } = made('service');
    const service = withKey(token);
    assert.equal(given(await clients(service)).length, 4);
    tenantry(world.database, ['token', 'revoke', token]);
    refused(await clients(service), 401, 'PGRST303');
  });

  it('one that was changed by a letter is told by its checksum', async () => {
    const { token } = made('service');
    const changed = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
    refused(await clients(withKey(changed)), 401, 'PGRST301');
  });
});
