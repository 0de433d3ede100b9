import { describe } from 'node:test';

import { asEach, aWorld } from '../world/each.ts';

describe('client list', () => {
  const world = aWorld();
  const alder = { name: 'Alder Dental', status: 'active', tier: 'premium', deployments_count: 2, active_deployments: 1 };
  const birch = { name: 'Birch Roasters', status: 'active', tier: 'standard', deployments_count: 1, active_deployments: 0 };
  const cedar = { name: 'Cedar School', status: 'suspended', tier: 'basic', deployments_count: 1, active_deployments: 1 };
  const dune = { name: 'Dune Travel', status: 'churned', tier: 'enterprise', deployments_count: 1, active_deployments: 0 };

  asEach('with what each has', world, (db) => db.from('client_summary').select('name, status, tier, deployments_count, active_deployments').order('name'), {
    client: [alder], staff: [alder, cedar], manager: [alder, birch, cedar], others: [alder, birch, cedar, dune],
  });
  asEach('the second page', world, (db) => db.from('clients_enhanced').select('name').order('created_at', { ascending: false }).range(1, 2), {
    client: [], staff: [{ name: 'Alder Dental' }], manager: [{ name: 'Birch Roasters' }, { name: 'Alder Dental' }],
    others: [{ name: 'Cedar School' }, { name: 'Birch Roasters' }],
  });
  asEach('of some tiers, with their manager', world, (db) => db.from('clients_enhanced').select('name, client_members(member_role)').in('tier', ['premium', 'basic']).order('name').order('member_role', { referencedTable: 'client_members' }), {
    client: [{ name: 'Alder Dental', client_members: [{ member_role: 'client' }] }],
    staff: [{ name: 'Alder Dental', client_members: [{ member_role: 'staff' }] }, { name: 'Cedar School', client_members: [{ member_role: 'staff' }] }],
    manager: [
      { name: 'Alder Dental', client_members: [{ member_role: 'client' }, { member_role: 'manager' }, { member_role: 'staff' }] },
      { name: 'Cedar School', client_members: [{ member_role: 'staff' }, { member_role: 'staff' }] },
    ],
    others: [
      { name: 'Alder Dental', client_members: [{ member_role: 'client' }, { member_role: 'manager' }, { member_role: 'staff' }] },
      { name: 'Cedar School', client_members: [{ member_role: 'staff' }, { member_role: 'staff' }] },
    ],
  });
});
