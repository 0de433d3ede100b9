import { describe } from 'node:test';

import { asEach, aWorld, forbidden, refusal } from '../world/each.ts';

const birch = 'c6000000-0000-4000-8000-000000000000';
const cedar = 'c4000000-0000-4000-8000-000000000000';
const again = 'UPDATE public.client_customizations SET is_active = false WHERE id IN ';

describe('activate', () => {
  const world = aWorld();
  asEach('what is approved', world, (db) => db.from('client_customizations').update({ is_active: true }).eq('id', birch).select('is_active'), {
    client: forbidden, staff: forbidden, manager: [{ is_active: true }], others: [{ is_active: true }],
  }, `${again} ('${birch}')`);
  asEach('of a client that a manager only sees', world, (db) => db.from('client_customizations').update({ is_active: true }).eq('id', cedar).select('is_active'), {
    client: forbidden, staff: forbidden, manager: [], others: [{ is_active: true }],
  }, `${again} ('${cedar}')`);
  asEach('a draft', world, (db) => db.from('client_customizations').update({ is_active: true }).eq('id', 'c2000000-0000-4000-8000-000000000000'), {
    client: forbidden, staff: forbidden, manager: refusal(422, 'TN422'), others: refusal(422, 'TN422'),
  });
});
