import { describe } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';
import { alder, cedar } from '../world/people.ts';

describe('client edit', () => {
  const world = aWorld();
  const edited = [{ name: 'Alder Dental', phone: '+44 1', last_contact_date: '2026-11-01T09:00:00+00:00' }];
  asEach('of what a manager may write', world, (db) =>
    db.from('clients_enhanced').update({ phone: '+44 1', last_contact_date: '2026-11-01T09:00:00Z' }).eq('id', alder).select('name, phone, last_contact_date'), {
    client: forbidden, staff: forbidden, manager: edited, others: edited,
  });
  asEach('of a client that a manager only sees', world, (db) => db.from('clients_enhanced').update({ phone: '+351 1' }).eq('id', cedar).select('name'), {
    client: forbidden, staff: forbidden, manager: [], others: [{ name: 'Cedar School' }],
  });
  asEach('of status and tier', world, (db) => db.from('clients_enhanced').update({ status: 'active', tier: 'standard' }).eq('id', cedar).select('status, tier'), {
    client: forbidden, staff: forbidden, manager: forbidden, others: [{ status: 'active', tier: 'standard' }],
  });
  asEach('a new one', world, (db, role) =>
    db.from('clients_enhanced').insert({ name: `Elm of ${role}`, email: `elm+${role}@elm.example` }).select('status, tier').single(), {
    client: forbidden, staff: forbidden, manager: forbidden, others: { status: 'active', tier: 'standard' },
  });
});
