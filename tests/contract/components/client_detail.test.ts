import { describe } from 'node:test';

import { asEach, aWorld, forbidden, refusal } from '../world/each.ts';
import { alder, birch } from '../world/people.ts';

describe('client detail', () => {
  const world = aWorld();
  const about = { name: 'Birch Roasters', address: { city: 'Graz', country: 'AT' }, compliance_requirements: ['GDPR', 'PCI'], annual_revenue: null };
  asEach('its own row', world, (db) => db.from('clients_enhanced').select('name, address, compliance_requirements, annual_revenue').eq('id', birch).single(), {
    client: refusal(406, 'PGRST116'), staff: refusal(406, 'PGRST116'), manager: about, others: about,
  });
  const deployments = [{ deployment_name: 'Alder site', status: 'deployed' }, { deployment_name: 'Alder staging', status: 'failed' }];
  const whole = { name: 'Alder Dental', client_deployments: deployments, client_customizations: [{ version: 1 }, { version: 2 }], client_billing_info: { subscription_tier: 'premium' } };
  asEach('with all that belongs to it', world, (db) =>
    db.from('clients_enhanced')
      .select('name, client_deployments(deployment_name, status), client_customizations(version), client_billing_info(subscription_tier)')
      .eq('id', alder).order('deployment_name', { referencedTable: 'client_deployments' }).order('version', { referencedTable: 'client_customizations' })
      .maybeSingle(), {
    client: whole, staff: { ...whole, client_billing_info: null }, manager: whole, others: whole,
  });
  asEach('with what a client doesn\'t see of its deployments', world, (db) =>
    db.from('clients_enhanced').select('name, client_deployments(environment_variables)').eq('client_deployments.deployment_name', 'Alder site').eq('id', alder), {
    client: forbidden,
    staff: [{ name: 'Alder Dental', client_deployments: [{ environment_variables: { PUBLIC_NAME: 'Alder' } }] }],
    manager: [{ name: 'Alder Dental', client_deployments: [{ environment_variables: { PUBLIC_NAME: 'Alder' } }] }],
    others: [{ name: 'Alder Dental', client_deployments: [{ environment_variables: { PUBLIC_NAME: 'Alder' } }] }],
  });
});
