import { describe } from 'node:test';

import { asEach, aWorld } from '../world/each.ts';

describe('billing list', () => {
  const world = aWorld();
  const bill = (name: string, subscription_status: string, invoice_amount: number) => ({ subscription_status, invoice_amount, clients_enhanced: { name } });
  const [alder, birch, cedar] = [bill('Alder Dental', 'active', 249), bill('Birch Roasters', 'trial', 0), bill('Cedar School', 'suspended', 49.5)];
  asEach('with the clients', world, (db) =>
    db.from('client_billing_info').select('subscription_status, invoice_amount, clients_enhanced(name)').order('created_at'), {
    client: [alder], staff: [], manager: [alder, birch], others: [alder, birch, cedar],
  });
  asEach('who is in arrears', world, (db) => db.from('client_billing_info').select('dunning_status, account_balance').or('dunning_status.neq.none,account_balance.lt.0'), {
    client: [], staff: [], manager: [], others: [{ dunning_status: 'hard', account_balance: -99 }],
  });
  const shown = (client_name: string, subscription_tier: string | null) => ({ client_name, subscription_tier });
  asEach('beside configuration, for whom billing is hidden too', world, (db) =>
    db.from('client_configuration_summary').select('client_name, subscription_tier').order('client_name'), {
    client: [shown('Alder Dental', 'premium')],
    staff: [shown('Alder Dental', null), shown('Cedar School', null)],
    manager: [shown('Alder Dental', 'premium'), shown('Birch Roasters', 'standard'), shown('Cedar School', null)],
    others: [shown('Alder Dental', 'premium'), shown('Birch Roasters', 'standard'), shown('Cedar School', 'basic'), shown('Dune Travel', null)],
  });
});
