import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { createServerClient } from '@supabase/ssr';

import type { Database } from '../../../types/database.ts';
import { given } from '../world/answers.ts';
import { password, people } from '../world/people.ts';
import { options, World } from '../world/world.ts';

describe('@supabase/ssr', () => {
  let world: World;
  before(async () => (world = await World.open()));
  after(() => world.close());

  it('carries the session from one request of a browser to the next in its cookies', async () => {
    const browser = new Map<string, string>();
    // A site makes a client for each request; what they share is what the browser sends along.
    const forRequest = () =>
      createServerClient<Database>(world.url, world.keys.publishable, {
        realtime: options.realtime,
        cookies: {
          getAll: () => [...browser].map(([name, value]) => ({ name, value })),
          setAll: (cookies) => cookies.forEach(({ name, value }) => (value ? browser.set(name, value) : browser.delete(name))),
        },
      });

    const { error } = await forRequest().auth.signInWithPassword({ email: people.manager, password });
    assert.equal(error, null);
    assert.ok(browser.size > 0);

    const next = forRequest();
    assert.equal((await next.auth.getUser()).data.user!.email, people.manager);
    const rows = given(await next.from('clients_enhanced').select('name').order('name'));
    assert.deepEqual(rows, [{ name: 'Alder Dental' }, { name: 'Birch Roasters' }, { name: 'Cedar School' }]);

    assert.equal((await forRequest().auth.signOut()).error, null);
    assert.equal(browser.size, 0);
    assert.equal((await forRequest().auth.getUser()).data.user, null);
  });
});
