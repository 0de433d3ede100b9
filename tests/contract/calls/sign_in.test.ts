import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { AuthApiError, AuthWeakPasswordError, createClient } from '@supabase/supabase-js';

import type { Database } from '../../../types/database.ts';
import { given, refused, untyped } from '../world/answers.ts';
import { alder, password, people } from '../world/people.ts';
import { tenantry } from '../world/program.ts';
import { options, World, type Client } from '../world/world.ts';

describe('supabase.auth', () => {
  let world: World;
  before(async () => (world = await World.open()));
  after(() => world.close());

  /** A session of its own, so that ending it disturbs no other test. */
  async function signedIn(email = people.manager): Promise<Client> {
    const client = world.anonymous();
    const { error } = await client.auth.signInWithPassword({ email, password });
    assert.equal(error, null);
    return client;
  }

  async function person(name: string): Promise<string> {
    const email = `${name}@agency.example`;
    tenantry(world.database, ['user', 'create', '--email', email, '--role', 'staff', '--password-stdin'], password);
    return email;
  }

  function isApiError(error: unknown, status: number, code: string): void {
    assert.ok(error instanceof AuthApiError, String(error));
    assert.deepEqual({ status: error.status, code: error.code }, { status, code }, error.message);
    assert.ok(error.message.length > 10);
  }

  describe('signInWithPassword', () => {
    it('gives a session and who it is', async () => {
      const { data, error } = await world.anonymous().auth.signInWithPassword({ email: people.manager, password });
      assert.equal(error, null);
      const { session, user } = data;
      assert.deepEqual(
        [session!.token_type, session!.expires_in, user!.aud, user!.role, user!.email, user!.app_metadata.role],
        ['bearer', 900, 'authenticated', 'authenticated', people.manager, 'manager'],
      );
      assert.equal(session!.access_token.split('.').length, 3);
      assert.ok(session!.refresh_token.length > 20 && session!.expires_at! > 0);
      assert.ok(Array.isArray(user!.identities) && user!.created_at && typeof user!.user_metadata === 'object');
    });

    it('makes each request that person\'s', async () => {
      const client = await signedIn();
      assert.equal(given(await client.from('clients_enhanced').select('name')).length, 3);
      assert.equal(given(await (await signedIn(people.client)).from('clients_enhanced').select('name')).length, 1);
    });

    it('says the same of a wrong password and of a person who isn\'t there', async () => {
      const wrong = await world.anonymous().auth.signInWithPassword({ email: await person('wren'), password: 'not this one' });
      const nobody = await world.anonymous().auth.signInWithPassword({ email: 'nobody@agency.example', password });
      isApiError(wrong.error, 400, 'invalid_credentials');
      isApiError(nobody.error, 400, 'invalid_credentials');
      assert.equal(wrong.error!.message, nobody.error!.message);
    });
  });

  describe('refreshSession', () => {
    it('gives a new pair, and the same one to two tabs at once', async () => {
      const client = await signedIn();
      const old = (await client.auth.getSession()).data.session!;
      const { data, error } = await client.auth.refreshSession();
      assert.equal(error, null);
      assert.notEqual(data.session!.refresh_token, old.refresh_token);
      const other = await world.anonymous().auth.refreshSession({ refresh_token: old.refresh_token });
      assert.equal(other.data.session!.refresh_token, data.session!.refresh_token);
      assert.equal(given(await client.from('clients_enhanced').select('name')).length, 3);
    });

    it('ends the session of a token that comes back later', async () => {
      const client = await signedIn();
      const old = (await client.auth.getSession()).data.session!;
      await client.auth.refreshSession();
      await client.auth.refreshSession();
      const reused = await world.anonymous().auth.refreshSession({ refresh_token: old.refresh_token });
      isApiError(reused.error, 400, 'refresh_token_already_used');
      refused(await client.from('clients_enhanced').select('name'), 401, 'PGRST303');
    });

    it('refuses what was never one', async () => {
      const { error } = await world.anonymous().auth.refreshSession({ refresh_token: 'made-up' });
      isApiError(error, 400, 'refresh_token_not_found');
    });
  });

  describe('getUser, updateUser', () => {
    it('asks the server who it is', async () => {
      const { data, error } = await (await signedIn()).auth.getUser();
      assert.deepEqual([error, data.user!.email], [null, people.manager]);
    });

    it('changes what a person may say of themselves, and never the role', async () => {
      const client = await signedIn(await person('robin'));
      const { data, error } = await client.auth.updateUser({ data: { theme: 'dark', role: 'super_admin' } });
      assert.equal(error, null);
      assert.deepEqual([data.user!.user_metadata.theme, data.user!.app_metadata.role], ['dark', 'staff']);
      refused(await client.from('clients_enhanced').insert({ name: 'X', email: 'x@x.example' }), 403, '42501');
    });

    it('changes the password of a young session', async () => {
      const email = await person('finch');
      const client = await signedIn(email);
      assert.equal((await client.auth.updateUser({ password: 'another long password' })).error, null);
      const again = await world.anonymous().auth.signInWithPassword({ email, password: 'another long password' });
      assert.equal(again.error, null);
    });

    it('refuses a weak password, another e-mail, and nobody', async () => {
      const client = await signedIn(await person('heron'));
      const { error } = await client.auth.updateUser({ password: 'short' });
      assert.ok(error instanceof AuthWeakPasswordError);
      assert.deepEqual([error.status, error.code, error.reasons], [422, 'weak_password', ['length']]);
      assert.ok((await client.auth.updateUser({ email: 'other@agency.example' })).error);
      assert.ok((await world.anonymous().auth.getUser()).error);
      assert.ok((await world.anonymous().auth.getUser('a.b.c')).error);
    });
  });

  describe('signOut', () => {
    const may = async (client: Client) => (await client.from('clients_enhanced').select('name')).status;
    /** What the client held before it forgot it. */
    const keep = async (client: Client) => {
      const { access_token } = (await client.auth.getSession()).data.session!;
      return createClient<Database>(world.url, world.keys.publishable, { ...options, accessToken: async () => access_token });
    };

    it('ends this session from the next request on', async () => {
      const [client, other] = [await signedIn(), await signedIn()];
      const kept = await keep(client);
      assert.equal((await client.auth.signOut({ scope: 'local' })).error, null);
      assert.deepEqual([await may(kept), await may(other)], [401, 200]);
    });

    it('ends the others', async () => {
      const email = await person('lark');
      const [client, other] = [await signedIn(email), await signedIn(email)];
      assert.equal((await client.auth.signOut({ scope: 'others' })).error, null);
      assert.deepEqual([await may(client), await may(other)], [200, 401]);
    });

    it('ends all', async () => {
      const email = await person('swift');
      const [client, other] = [await signedIn(email), await signedIn(email)];
      const kept = await keep(client);
      assert.equal((await client.auth.signOut()).error, null);
      assert.deepEqual([await may(kept), await may(other)], [401, 401]);
    });

    it('answers 204, and refuses a scope that there isn\'t', async () => {
      const done = await world.fetch('admin', '/auth/v1/logout?scope=others', { method: 'POST' });
      assert.equal(done.status, 204);
      const wrong = await world.fetch('admin', '/auth/v1/logout?scope=everything', { method: 'POST' });
      assert.equal(wrong.status, 400);
    });
  });

  describe('getClaims, settings', () => {
    it('has its keys published, by which a token can be checked', async () => {
      const { data, error } = await (await signedIn()).auth.getClaims();
      assert.equal(error, null);
      assert.deepEqual([data!.header.alg, data!.claims.role, data!.claims.app_metadata!.role], ['ES256', 'authenticated', 'manager']);
    });

    it('says that one signs in with e-mail and nobody signs up', async () => {
      const answer = await fetch(`${world.url}/auth/v1/settings`, { headers: { apikey: world.keys.publishable } });
      const settings = (await answer.json()) as { external: { email: boolean }; disable_signup: boolean };
      assert.deepEqual([answer.status, settings.external.email, settings.disable_signup], [200, true, true]);
    });

    it('refuses a token that somebody changed', async () => {
      const [header, , signature] = (await (await signedIn()).auth.getSession()).data.session!.access_token.split('.');
      const claims = Buffer.from(JSON.stringify({ sub: alder, role: 'authenticated', exp: 4102444800 })).toString('base64url');
      const { error } = await world.anonymous().auth.getClaims(`${header}.${claims}.${signature}`);
      assert.ok(error);
    });
  });

  describe('what there isn\'t', () => {
    it('says that nobody signs up, and what to do instead', async () => {
      const { error } = await world.anonymous().auth.signUp({ email: 'new@agency.example', password });
      isApiError(error, 422, 'signup_disabled');
      assert.match(error!.message, /tenantry user create/);
    });

    const calls: [string, (client: Client) => Promise<{ error: unknown }>][] = [
      ['signInWithOtp', (client) => client.auth.signInWithOtp({ email: people.staff })],
      ['verifyOtp', (client) => client.auth.verifyOtp({ email: people.staff, token: '123456', type: 'email' })],
      ['resend', (client) => client.auth.resend({ email: people.staff, type: 'signup' })],
      ['signInWithIdToken', (client) => client.auth.signInWithIdToken({ provider: 'google', token: 'x' })],
      ['signInWithSSO', (client) => client.auth.signInWithSSO({ domain: 'agency.example' })],
      ['resetPasswordForEmail', (client) => client.auth.resetPasswordForEmail(people.staff)],
      ['mfa.enroll', (client) => client.auth.mfa.enroll({ factorType: 'totp' })],
      ['admin.listUsers', (client) => client.auth.admin.listUsers()],
      ['admin.createUser', (client) => client.auth.admin.createUser({ email: 'new@agency.example' })],
      ['admin.deleteUser', (client) => client.auth.admin.deleteUser(alder)],
      ['admin.inviteUserByEmail', (client) => client.auth.admin.inviteUserByEmail('new@agency.example')],
      ['admin.generateLink', (client) => client.auth.admin.generateLink({ type: 'recovery', email: people.staff })],
    ];
    for (const [name, call] of calls) {
      it(`says so of ${name}`, async () => {
        const { error } = await call(await world.as('admin'));
        assert.ok(error instanceof AuthApiError, String(error));
        assert.equal(error.code, name === 'admin.inviteUserByEmail' ? 'signup_disabled' : 'feature_disabled');
      });
    }

    it('says so of signInWithOAuth, which the browser would go to', async () => {
      const { data } = await world.anonymous().auth.signInWithOAuth({ provider: 'google', options: { skipBrowserRedirect: true } });
      const answer = await fetch(data.url!);
      assert.equal(((await answer.json()) as { error_code: string }).error_code, 'feature_disabled');
    });
  });

  it('takes away from the next request on', async () => {
    const email = await person('crane');
    const client = await signedIn(email);
    given(await client.from('clients_enhanced').select('name'));
    tenantry(world.database, ['user', 'disable', email]);
    const error = refused(await client.from('clients_enhanced').select('name'), 401, 'PGRST303');
    assert.ok(error.message);
    isApiError((await world.anonymous().auth.signInWithPassword({ email, password })).error, 400, 'user_banned');
  });

  it('takes no key that isn\'t one', async () => {
    for (const key of ['made-up', 'tnt_pub_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'eyJhbGciOiJub25lIn0.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.']) {
      const client = createClient<Database>(world.url, key, options);
      const answer = await client.from('clients_enhanced').select('name');
      assert.equal(answer.status, 401, key);
      assert.match(untyped(answer.error).code, /^PGRST30[123]$/);
    }
  });
});
