import { describe } from 'node:test';

import { asEach, aWorld } from '../world/each.ts';

describe('search', () => {
  const world = aWorld();
  const named = (...names: string[]) => names.map((name) => ({ name }));
  const search = (words: string) => {
    // As components quote what somebody typed, so that commas and brackets stay part of it.
    const pattern = `"%${words.replace(/["\\]/g, '\\$&')}%"`;
    return `name.ilike.${pattern},email.ilike.${pattern},company_name.ilike.${pattern}`;
  };
  asEach('in several columns', world, (db) => db.from('clients_enhanced').select('name').or(search('er')).order('name'), {
    client: named('Alder Dental'), staff: named('Alder Dental'), manager: named('Alder Dental', 'Birch Roasters'), others: named('Alder Dental', 'Birch Roasters'),
  });
  asEach('for a comma', world, (db) => db.from('clients_enhanced').select('name').or(search('cedar, school')), {
    client: [], staff: named('Cedar School'), manager: named('Cedar School'), others: named('Cedar School'),
  });
  asEach('for what would be something else elsewhere', world, (db) => db.from('clients_enhanced').select('name').or(search('"),id.not.is.null,name.eq."x')), {
    client: [], staff: [], manager: [], others: [],
  });
  asEach('by words', world, (db) => db.from('clients_enhanced').select('name').textSearch('project_scope', 'shop or reminders', { type: 'websearch', config: 'english' }).order('name'), {
    client: named('Alder Dental'), staff: named('Alder Dental'), manager: named('Alder Dental', 'Birch Roasters'), others: named('Alder Dental', 'Birch Roasters'),
  });
  asEach('through what belongs to it', world, (db) =>
    db.from('clients_enhanced').select('name, client_deployments!inner()').ilike('client_deployments.custom_domain', '%birch%'), {
    client: [], staff: [], manager: named('Birch Roasters'), others: named('Birch Roasters'),
  });
});
