import { describe } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';

describe('system settings', () => {
  const world = aWorld();
  const keys = ['billing_settings', 'customization_review', 'default_deployment_provider', 'default_template_settings', 'protected_environments'];
  const listed = keys.map((configuration_key) => ({ configuration_key }));
  asEach('their names', world, (db) => db.from('system_configurations').select('configuration_key').eq('is_system', true).order('configuration_key'), {
    client: [], staff: listed, manager: listed, others: listed,
  });
  const written = [{ configuration_value: { currency: 'EUR', trial_days: 30, grace_period_days: 7 } }];
  asEach('a value', world, (db) =>
    db.from('system_configurations').update({ configuration_value: { currency: 'EUR', trial_days: 30, grace_period_days: 7 } })
      .eq('configuration_key', 'billing_settings').select('configuration_value'), {
    client: [], staff: forbidden, manager: [], others: written,
  });
  asEach('a name, which only super admins may change', world, (db) =>
    db.from('system_configurations').update({ configuration_key: 'billing_defaults' }).eq('configuration_key', 'billing_settings').select('configuration_key'), {
    client: forbidden, staff: forbidden, manager: [], admin: forbidden, service: forbidden,
    super_admin: [{ configuration_key: 'billing_defaults' }],
  }, `UPDATE public.system_configurations SET configuration_key = 'billing_settings' WHERE configuration_key = 'billing_defaults'`);
  asEach('what makes it one', world, (db) =>
    db.from('system_configurations').update({ is_system: false }).eq('configuration_key', 'billing_settings'), {
    client: forbidden, staff: forbidden, manager: forbidden, others: forbidden,
  });
});
