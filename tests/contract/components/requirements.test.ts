import { describe } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';
import { birch } from '../world/people.ts';

describe('requirements', () => {
  const world = aWorld();
  const read = [{ technical_requirements: { sso: false, languages: ['de'] }, business_goals: ['online sales'], first_language: 'de' }];
  asEach('as they are', world, (db) =>
    db.from('clients_enhanced').select('technical_requirements, business_goals, first_language:technical_requirements->languages->>0').eq('id', birch), {
    client: [], staff: [], manager: read, others: read,
  });
  asEach('of all who asked for something', world, (db) => db.from('clients_enhanced').select('name').contains('compliance_requirements', ['GDPR']).order('name'), {
    client: [{ name: 'Alder Dental' }], staff: [{ name: 'Alder Dental' }],
    manager: [{ name: 'Alder Dental' }, { name: 'Birch Roasters' }], others: [{ name: 'Alder Dental' }, { name: 'Birch Roasters' }],
  });
  const written = [{ technical_requirements: { sso: true }, preferred_integrations: ['stripe', 'klaviyo'] }];
  asEach('written', world, (db) =>
    db.from('clients_enhanced').update({ technical_requirements: { sso: true }, preferred_integrations: ['stripe', 'klaviyo'] }).eq('id', birch)
      .select('technical_requirements, preferred_integrations'), {
    client: forbidden, staff: forbidden, manager: written, others: written,
  }, `UPDATE public.clients_enhanced SET technical_requirements = '{}' WHERE id = '${birch}'`);
});
