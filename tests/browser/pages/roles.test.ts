import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { roles } from '../world/people.ts';
import { aWorld } from '../world/world.ts';
import { filled, pages } from './pages.ts';

describe('every page as every role', () => {
  const world = aWorld();

  for (const role of roles) {
    it(`as ${role}`, async (t) => {
      const sight = await world().window(role);
      for (const { path, heading, row, ...page } of pages) {
        const may = page.roles.includes(role);
        await t.test(`${path} is ${may ? 'shown' : 'refused'}`, async () => {
          await sight.go(filled(path, (text) => world().sql(text)), may ? 200 : 403);
          await sight.isWhole();
          if (!may) return;
          assert.match(await sight.heading(), typeof heading === 'string' ? new RegExp(`^${heading}$`) : heading);
          const shown = (await sight.by(row).count()) + (await sight.by('.empty').count());
          assert.ok(shown > 0, 'neither a row nor what would fill the page');
          await sight.isAccessible();
        });
      }
      await world().closeWindows();
    });
  }

  it('whoever is not signed in is led to where they can', async () => {
    for (const { path } of pages) {
      const answer = await world().fetch(undefined, filled(path, (text) => world().sql(text)));
      assert.equal(answer.status, 303, path);
      assert.match(answer.headers.get('location') ?? '', /^\/sign-in\?next=/, path);
    }
  });
});
