import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { aWorld } from '../world/world.ts';

describe('the account of a client', () => {
  const world = aWorld();
  const id = () => world().sql(lumen);
  const value = (expression: string) => world().sql(`SELECT ${expression} FROM client_billing_info WHERE client_id = '${id()}'`);

  for (const scripts of [true, false]) {
    it(`an administrator changes it, and it is there${scripts ? '' : ', without scripts'}`, async () => {
      const sight = await world().window('admin', { scripts });
      await sight.go(`/clients/${id()}/billing`);
      await sight.link('Edit').click();
      const amount = scripts ? '120.5' : '130.25';
      await sight.field('Amount of an invoice').fill(amount);
      await sight.field('Balance of the account').fill('-240');
      await sight.field('Reminding').selectOption('soft');
      await sight.button('Save').click();
      await sight.by('.toast').waitFor();
      assert.equal(new URL(sight.page.url()).pathname, `/clients/${id()}/billing`);
      assert.equal(value('invoice_amount::float8'), String(Number(amount)));
      assert.deepEqual([value('account_balance::int'), value('dunning_status')], ['-240', 'soft']);
      assert.match((await sight.by('dl.facts', { hasText: 'Owed' }).textContent()) ?? '', /Owed240\.00/);
      await sight.isWhole();
      await world().closeWindows();
    });
  }

  it('a tax number is sealed, never shown, stays where nothing is typed, and can be taken away', async () => {
    const sight = await world().window('super_admin');
    const edit = `/clients/${id()}/billing/edit`;
    await sight.go(edit);
    await sight.field('Tax number').fill('GB123456789');
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();
    assert.ok(!(await sight.page.content()).includes('GB123456789'));
    assert.ok(!value('tax_id').includes('GB123456789'));
    const mask = value('tax_id');
    await sight.go(edit);
    assert.equal(await sight.field('Tax number').inputValue(), '');
    await sight.field('Provider').fill('adyen');
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();
    assert.deepEqual([value('tax_id'), value('payment_provider')], [mask, 'adyen']);
    await sight.go(edit);
    await sight.field('Take away: Tax number').check();
    await sight.button('Save').click();
    await sight.by('.toast').waitFor();
    assert.equal(value('tax_id IS NULL'), 't');
    await world().closeWindows();
  });

  it('keeps what was typed, and says at each field what is wrong with it', async () => {
    const sight = await world().window('admin');
    await sight.go(`/clients/${id()}/billing/edit`);
    await sight.field('Credit').fill('12,50');
    await sight.field('Currency').fill('eu');
    await sight.field('Provider').fill('<script>alert(1)</script>');
    sight.expect(/422/);
    await sight.button('Save').click();
    await sight.by('.alert-danger').waitFor();
    assert.match((await sight.by('#field-credit-balance-fault-0').textContent()) ?? '', /no amount/);
    assert.equal(await sight.field('Credit').inputValue(), '12,50');
    await sight.field('Credit').fill('12.50');
    await sight.button('Save').click();
    await sight.by('#field-currency-fault-0').waitFor();
    assert.equal(await sight.field('Provider').inputValue(), '<script>alert(1)</script>');
    await sight.isAccessible();
    await sight.isWhole();
    await world().closeWindows();
  });

  it('shows both versions where two people write the same', async () => {
    const [first, second] = [await world().window('admin'), await world().window('super_admin')];
    for (const sight of [first, second]) await sight.go(`/clients/${id()}/billing/edit`);
    await first.field('Charges for use beyond the limits').fill('1.5');
    await first.button('Save').click();
    await first.by('.toast').waitFor();
    await second.field('Charges for use beyond the limits').fill('2.5');
    second.expect(/409/);
    await second.button('Save').click();
    await second.by('.alert-warning').waitFor();
    const told = (await second.by('.alert-warning tbody tr td').allTextContents()).map((text) => text.trim());
    assert.deepEqual(told, ['Charges for use beyond the limits', '1.500', '2.5']);
    await second.button('Save').click();
    await second.by('.toast').waitFor();
    assert.equal(value('overage_charges'), '2.500');
    await world().closeWindows();
  });

  it('is opened where there is none', async () => {
    const client = world().sql("INSERT INTO clients_enhanced (name, email) VALUES ('Brook & Daughters', 'accounts@brook.example') RETURNING id").split('\n')[0] ?? '';
    const sight = await world().window('admin');
    await sight.go(`/clients/${client}/billing`);
    assert.equal(await sight.by('.empty-title').textContent(), 'No account');
    await sight.link('Open an account').click();
    await sight.field('Currency').fill('EUR');
    await sight.button('Open the account').click();
    await sight.by('.toast').waitFor();
    const opened = `SELECT concat_ws(' ', currency, subscription_status, next_invoice_date) FROM client_billing_info WHERE client_id = '${client}'`;
    assert.equal(world().sql(opened), 'EUR trial', 'nobody pays by omission');
    await world().closeWindows();
  });

  it('shows amounts of two currencies apart', async () => {
    const sight = await world().window('admin');
    await sight.go('/billing');
    const shown = (await sight.by('.totals tbody tr td:first-child').allTextContents()).map((text) => text.trim());
    assert.deepEqual(shown.sort(), world().sql('SELECT DISTINCT currency FROM client_billing_info ORDER BY 1').split('\n').sort());
    const owed = world().sql("SELECT to_char(sum(greatest(-account_balance, 0)), 'FM999,999,990.00') FROM client_billing_info WHERE currency = 'GBP'");
    assert.ok((await sight.by('.totals tbody tr', { hasText: 'GBP' }).textContent())?.includes(owed), owed);
    await sight.isWhole();
    await world().closeWindows();
  });

  it('is its own client\'s and nobody else\'s, without the secrets', async () => {
    const sight = await world().window('client');
    await sight.go(`/clients/${id()}/billing`);
    assert.equal(await sight.by('dt', { hasText: 'Tax number' }).count(), 0);
    const other = world().sql(`SELECT client_id FROM client_billing_info WHERE client_id <> '${id()}' LIMIT 1`);
    await sight.go(`/clients/${other}/billing`, 404);
    await world().closeWindows();
  });
});
