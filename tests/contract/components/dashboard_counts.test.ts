import { describe } from 'node:test';

import { asEach, aWorld, refusal } from '../world/each.ts';
import { today } from '../world/program.ts';

const nobody = refusal(401);

describe('dashboard counts', () => {
  const world = aWorld();
  asEach('clients', world, (db) => db.from('clients_enhanced').select('*', { count: 'exact', head: true }), {
    anon: nobody, client: 1, staff: 2, manager: 3, others: 4,
  });
  asEach('active clients', world, (db) => db.from('clients_enhanced').select('*', { count: 'exact', head: true }).eq('status', 'active'), {
    anon: nobody, client: 1, staff: 1, manager: 2, others: 2,
  });
  asEach('customizations to review', world, (db) => db.from('client_customizations').select('id', { count: 'exact', head: true }).eq('status', 'in_review'), {
    anon: nobody, client: 0, staff: 0, manager: 1, others: 1,
  });
  asEach('what is ill', world, (db) => db.from('client_deployments').select('id', { count: 'exact', head: true }).in('health_status', ['warning', 'critical']), {
    anon: nobody, client: 1, staff: 2, manager: 2, others: 3,
  });
  asEach('invoices of the coming week', world, (db) =>
    db.from('client_billing_info').select('id', { count: 'exact', head: true }).eq('subscription_status', 'active').gte('next_invoice_date', today), {
    anon: nobody, client: 1, staff: 0, manager: 1, others: 1,
  });
  asEach('deployments by status', world, (db) => db.from('client_deployments').select('status, count()').order('status'), {
    client: [{ status: 'deployed', count: 1 }, { status: 'failed', count: 1 }],
    staff: [{ status: 'deployed', count: 2 }, { status: 'failed', count: 1 }],
    manager: [{ status: 'deployed', count: 2 }, { status: 'failed', count: 1 }, { status: 'pending', count: 1 }],
    others: [{ status: 'deployed', count: 2 }, { status: 'failed', count: 1 }, { status: 'maintenance', count: 1 }, { status: 'pending', count: 1 }],
  });
});
