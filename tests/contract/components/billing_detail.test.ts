import { describe } from 'node:test';

import { asEach, aWorld, forbidden, refusal } from '../world/each.ts';
import { alder, dune } from '../world/people.ts';

describe('billing detail', () => {
  const world = aWorld();
  const read = { currency: 'GBP', subscription_tier: 'premium', billing_email: 'billing@alder.example' };
  asEach('of a client', world, (db) => db.from('client_billing_info').select('currency, subscription_tier, billing_email').eq('client_id', alder).maybeSingle(), {
    client: read, manager: read, others: read,
    // No row is no error for maybeSingle.
    staff: null,
  });
  asEach('what a client doesn\'t see of it', world, (db) => db.from('client_billing_info').select('tax_id, payment_method_id').eq('client_id', alder), {
    client: forbidden, staff: [], manager: [{ tax_id: null, payment_method_id: null }], others: [{ tax_id: null, payment_method_id: null }],
  });
  asEach('changed', world, (db) =>
    db.from('client_billing_info').update({ billing_frequency: 'yearly', invoice_amount: 2490.125 }).eq('client_id', alder).select('billing_frequency, invoice_amount'), {
    client: forbidden, staff: forbidden, manager: forbidden, others: [{ billing_frequency: 'yearly', invoice_amount: 2490.125 }],
  });
  asEach('begun', world, (db) => db.from('client_billing_info').insert({ client_id: dune, currency: 'EUR' }).select('subscription_status, payment_status').single(), {
    client: forbidden, staff: forbidden, manager: forbidden, others: { subscription_status: 'trial', payment_status: 'pending' },
  }, `DELETE FROM public.client_billing_info WHERE client_id = '${dune}'`);
  asEach('with a card number, which is never kept', world, (db) =>
    db.from('client_billing_info').update({ billing_address: { note: '4111 1111 1111 1111' } }).eq('client_id', alder), {
    client: forbidden, staff: forbidden, manager: forbidden, others: refusal(422, 'TN422'),
  });
});
