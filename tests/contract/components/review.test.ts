import { describe } from 'node:test';

import { asEach, aWorld, forbidden, refusal } from '../world/each.ts';

const id = 'c3000000-0000-4000-8000-000000000000';
const again = `UPDATE public.client_customizations SET status = 'in_review', approved_by = NULL, approved_at = NULL WHERE id = '${id}'`;

describe('review', () => {
  const world = aWorld();
  const waiting = [{ version: 1, clients_enhanced: { name: 'Birch Roasters' } }];
  asEach('what waits, oldest first', world, (db) =>
    db.from('client_customizations').select('version, clients_enhanced(name)').eq('status', 'in_review').order('updated_at'), {
    client: [], staff: [], manager: waiting, others: waiting,
  });
  asEach('approved', world, (db) => db.from('client_customizations').update({ status: 'approved' }).eq('id', id).select('status'), {
    client: forbidden, staff: forbidden, manager: [{ status: 'approved' }], admin: [{ status: 'approved' }], super_admin: [{ status: 'approved' }],
    // Somebody has to approve it, and a machine is nobody.
    service: refusal(422, 'TN422'),
  }, again);
  asEach('sent back without a reason', world, (db) => db.from('client_customizations').update({ status: 'draft' }).eq('id', id), {
    client: forbidden, staff: forbidden, manager: refusal(422, 'TN422'), others: refusal(422, 'TN422'),
  }, again);
});
