import assert from 'node:assert/strict';
import { it } from 'node:test';

import { aWorld } from '../world/world.ts';
import { filled, pages } from './pages.ts';

const world = aWorld();

it('whoever is not signed in is led to where they can', async () => {
  for (const { path } of pages) {
    const answer = await world().fetch(undefined, filled(path, (text) => world().sql(text)));
    assert.equal(answer.status, 303, path);
    assert.match(answer.headers.get('location') ?? '', /^\/sign-in\?next=/, path);
  }
});
