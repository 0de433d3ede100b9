import { describe } from 'node:test';

import { asEach, aWorld, forbidden, refusal } from '../world/each.ts';

describe('customization editor', () => {
  const world = aWorld();
  const read = { version: 2, customization_config: { title: 'Alder, summer' }, template_configurations: { default_configuration: { theme: 'modern' } } };
  asEach('with the template\'s defaults beside', world, (db) =>
    db.from('client_customizations').select('version, customization_config, template_configurations(default_configuration)').eq('id', 'c2000000-0000-4000-8000-000000000000').single(), {
    client: read, staff: read, manager: read, others: read,
  });
  const written = [{ customization_config: { title: 'Alder, autumn' }, css_customizations: 'h1 { color: brown }' }];
  asEach('a draft', world, (db) =>
    db.from('client_customizations').update({ customization_config: { title: 'Alder, autumn' }, css_customizations: 'h1 { color: brown }' })
      .eq('id', 'c2000000-0000-4000-8000-000000000000').select('customization_config, css_customizations'), {
    client: forbidden, staff: forbidden, manager: written, others: written,
  });
  asEach('what is deployed', world, (db) =>
    db.from('client_customizations').update({ customization_config: { title: 'no' } }).eq('id', 'c1000000-0000-4000-8000-000000000000'), {
    client: forbidden, staff: forbidden, manager: refusal(422, 'TN422'), others: refusal(422, 'TN422'),
  });
});
