import { describe } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';
import { alder } from '../world/people.ts';

describe('configuration editor', () => {
  const world = aWorld();
  const global = { configuration_category: 'global', configuration_value: '#333' };
  const client = { configuration_category: 'client', configuration_value: '#0a7' };
  const template = { configuration_category: 'template', configuration_value: '#444' };
  asEach('every layer of a key', world, (db) =>
    db.from('system_configurations').select('configuration_category, configuration_value').eq('configuration_key', 'theme.primary')
      .or(`client_id.is.null,client_id.eq.${alder}`).order('configuration_category'), {
    client: [client], staff: [client, global, template], manager: [client, global, template], others: [client, global, template],
  });
  asEach('a value that is delegated to the client', world, (db) =>
    db.from('system_configurations').update({ configuration_value: '#0b8' }).eq('id', 'f3000000-0000-4000-8000-000000000000').select('configuration_value, version'), {
    client: [{ configuration_value: '#0b8', version: 2 }], staff: forbidden, manager: [{ configuration_value: '#0b8', version: 2 }],
    others: [{ configuration_value: '#0b8', version: 2 }],
  }, `UPDATE public.system_configurations SET configuration_value = '"#0a7"', version = 1 WHERE id = 'f3000000-0000-4000-8000-000000000000'`);
  asEach('a value that isn\'t', world, (db) =>
    db.from('system_configurations').update({ configuration_value: false }).eq('id', 'f4000000-0000-4000-8000-000000000000').select('configuration_value'), {
    client: [], staff: forbidden, manager: [{ configuration_value: false }], others: [{ configuration_value: false }],
  });
  asEach('a value, new or not', world, (db) =>
    db.from('system_configurations')
      .upsert({ configuration_key: 'booking.reminderHours', configuration_value: 24, client_id: alder, template_id: null, environment: 'production' },
        { onConflict: 'configuration_key,client_id,template_id,environment' })
      .select('configuration_category, configuration_value').single(), {
    client: forbidden, staff: forbidden, manager: { configuration_category: 'deployment', configuration_value: 24 },
    others: { configuration_category: 'deployment', configuration_value: 24 },
  });
});
