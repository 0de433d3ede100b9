import { describe } from 'node:test';

import { asEach, aWorld, forbidden, refusal } from '../world/each.ts';
import { alder, birch, cedar, dune } from '../world/people.ts';

const ids = [alder, birch, cedar, dune];
const again = `UPDATE public.clients_enhanced SET acquisition_source = NULL`;

describe('bulk update', () => {
  const world = aWorld();
  const named = (...names: string[]) => names.map((name) => ({ name }));
  asEach('of what is ticked', world, (db) =>
    db.from('clients_enhanced').update({ acquisition_source: 'fair' }).in('id', ids).select('name').order('name'), {
    client: forbidden, staff: forbidden, manager: named('Alder Dental', 'Birch Roasters'), others: named('Alder Dental', 'Birch Roasters', 'Cedar School', 'Dune Travel'),
  }, again);
  asEach('counted', world, (db) => db.from('clients_enhanced').update({ acquisition_source: 'fair' }, { count: 'exact' }).in('id', ids), {
    client: forbidden, staff: forbidden, manager: 2, others: 4,
  }, again);
  asEach('of no more than was ticked', world, (db) => db.from('clients_enhanced').update({ acquisition_source: 'fair' }, { count: 'exact' }).in('id', ids).maxAffected(2), {
    client: forbidden, staff: forbidden, manager: 2, others: refusal(400, 'PGRST124'),
  }, again);
  asEach('by upsert, each with a value of its own', world, (db) =>
    db.from('deployment_templates').upsert([{ template_name: 'Local Release', description: 'one' }, { template_name: 'Development Environment', description: 'two' }],
      { onConflict: 'template_name', defaultToNull: false }).select('description').order('description'), {
    client: forbidden, staff: forbidden, manager: forbidden, others: [{ description: 'one' }, { description: 'two' }],
  });
  asEach('of everything by accident', world, (db) => db.from('clients_enhanced').update({ acquisition_source: 'fair' }), {
    client: forbidden, staff: forbidden, manager: refusal(400, '21000'), others: refusal(400, '21000'),
  });
});
