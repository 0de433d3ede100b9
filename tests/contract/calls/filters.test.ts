import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { column, given, refused, untyped, type Answer } from '../world/answers.ts';
import { alder, birch } from '../world/people.ts';
import { World, type Client } from '../world/world.ts';

describe('filters', () => {
  let world: World;
  let admin: Client;
  before(async () => {
    world = await World.open();
    admin = await world.as('admin');
  });
  after(() => world.close());

  const clients = () => admin.from('clients_enhanced').select('name').order('name');
  const first = (rows: readonly { name: unknown }[]) => column(rows, 'name').map((name) => String(name)[0]).join('');

  /** The initials of the clients that a filter leaves: A B C D. */
  const cases: [string, (query: ReturnType<typeof clients>) => PromiseLike<Answer & { data: { name: string }[] | null }>, string][] = [
    ['eq', (query) => query.eq('tier', 'premium'), 'A'],
    ['neq', (query) => query.neq('tier', 'premium'), 'BCD'],
    ['gt', (query) => query.gt('annual_revenue', 850000), 'C'],
    ['gte', (query) => query.gte('annual_revenue', 850000), 'AC'],
    ['lt', (query) => query.lt('created_at', '2026-02-05T10:00:00Z'), 'A'],
    ['lte', (query) => query.lte('created_at', '2026-02-05T10:00:00Z'), 'AB'],
    ['like', (query) => query.like('name', '%Dental'), 'A'],
    ['like with *', (query) => query.like('name', '*D*'), 'AD'],
    ['ilike', (query) => query.ilike('company_name', '%LTD'), 'A'],
    ['likeAllOf', (query) => query.likeAllOf('name', ['%D%', '%T%']), 'D'],
    ['likeAnyOf', (query) => query.likeAnyOf('name', ['A%', 'D%']), 'AD'],
    ['ilikeAllOf', (query) => query.ilikeAllOf('name', ['%D%', '%T%']), 'AD'],
    ['ilikeAnyOf', (query) => query.ilikeAnyOf('name', ['a%', 'b%']), 'AB'],
    ['regexMatch', (query) => query.regexMatch('name', '^[AB]'), 'AB'],
    ['regexIMatch', (query) => query.regexIMatch('name', '^[ab]'), 'AB'],
    ['is null', (query) => query.is('company_name', null), 'D'],
    ['not is null', (query) => query.not('company_name', 'is', null), 'ABC'],
    ['isDistinct', (query) => query.isDistinct('business_size', 'small'), 'BCD'],
    ['in', (query) => query.in('status', ['active', 'churned']), 'ABD'],
    ['in, with commas in a value', (query) => query.in('company_name', ['Cedar, School of Music', 'x']), 'C'],
    ['in, of nothing', (query) => query.in('status', []), ''],
    ['notIn', (query) => query.notIn('status', ['active', 'churned']), 'C'],
    ['not in', (query) => query.not('status', 'in', '("active","churned")'), 'C'],
    ['contains, in a list', (query) => query.contains('business_goals', ['more bookings']), 'A'],
    ['contains, in JSON', (query) => query.contains('address', { country: 'AT' }), 'B'],
    ['containedBy', (query) => query.containedBy('compliance_requirements', ['GDPR']).not('compliance_requirements', 'eq', '{}'), 'A'],
    ['overlaps', (query) => query.overlaps('compliance_requirements', ['PCI', 'HIPAA']), 'B'],
    ['or', (query) => query.or('tier.eq.premium,status.eq.churned'), 'AD'],
    ['or, nested', (query) => query.or('tier.eq.premium,and(status.eq.suspended,company_name.not.is.null)'), 'AC'],
    ['or, beside another filter', (query) => query.or('tier.eq.premium,status.eq.churned').eq('industry', 'travel'), 'D'],
    ['not', (query) => query.not('tier', 'eq', 'premium'), 'BCD'],
    ['filter', (query) => query.filter('tier', 'in', '("premium","basic")'), 'AC'],
    ['match', (query) => query.match({ status: 'active', tier: 'standard' }), 'B'],
    ['two on one column', (query) => query.gt('annual_revenue', 1).lt('annual_revenue', 1000000), 'A'],
    ['a path into JSON', (query) => query.eq('address->>city', 'Porto'), 'C'],
    ['a path into JSON, deeper', (query) => query.eq('technical_requirements->languages->>0', 'en'), 'A'],
    ['textSearch', (query) => query.textSearch('project_scope', 'booking & reminder'), 'A'],
    ['textSearch, plain', (query) => query.textSearch('project_scope', 'coffee weekly', { type: 'plain', config: 'english' }), 'B'],
    ['textSearch, phrase', (query) => query.textSearch('project_scope', 'roasted weekly', { type: 'phrase', config: 'english' }), 'B'],
    ['textSearch, websearch', (query) => query.textSearch('project_scope', 'booking or coffee', { type: 'websearch', config: 'english' }), 'AB'],
    ['a percent sign that is meant', (query) => query.like('project_scope', '%100\\%%'), 'D'],
    ['words of SQL as a value', (query) => query.eq('name', "x'; DROP TABLE clients_enhanced; --"), ''],
  ];
  for (const [name, filter, expected] of cases) {
    it(name, async () => assert.equal(first(given(await filter(clients()))), expected));
  }

  it('filters embedded rows alone', async () => {
    const rows = given(await admin.from('clients_enhanced').select('name, client_deployments(deployment_name)').eq('client_deployments.status', 'failed').in('id', [alder, birch]).order('name'));
    assert.deepEqual(rows, [
      { name: 'Alder Dental', client_deployments: [{ deployment_name: 'Alder staging' }] },
      { name: 'Birch Roasters', client_deployments: [] },
    ]);
  });

  it('filters embedded rows by one or the other', async () => {
    const rows = given(
      await admin.from('clients_enhanced').select('client_deployments(deployment_name)').eq('id', alder)
        .or('status.eq.failed,health_status.eq.critical', { referencedTable: 'client_deployments' }),
    );
    assert.deepEqual(rows, [{ client_deployments: [{ deployment_name: 'Alder staging' }] }]);
  });

  it('filters rows by whether they have embedded ones', async () => {
    const rows = given(await admin.from('clients_enhanced').select('name, client_billing_info()').is('client_billing_info', null));
    assert.deepEqual(rows, [{ name: 'Dune Travel' }]);
  });

  describe('wrongly used', () => {
    const refusals: [string, (query: any) => PromiseLike<Answer>, number, string][] = [
      ['a column that isn\'t there', (query) => query.eq('teir', 'premium'), 400, 'PGRST204'],
      ['an operator that isn\'t there', (query) => query.filter('tier', 'equals', 'premium'), 400, 'PGRST100'],
      ['a value of another type', (query) => query.eq('id', 'alder'), 400, '22P02'],
      ['is with a value that it doesn\'t take', (query) => query.is('name', 'nothing'), 400, 'PGRST100'],
      ['or without an end', (query) => query.or('tier.eq.premium'.concat(',and(status.eq.active')), 400, 'PGRST100'],
      ['an operator that the type doesn\'t have', (query) => query.contains('annual_revenue', ['1']), 404, '42883'],
      ['text search that isn\'t one', (query) => query.textSearch('project_scope', 'booking &'), 400, '42601'],
      ['a regular expression that isn\'t one', (query) => query.regexMatch('name', '('), 400, '2201B'],
      ['a NUL byte', (query) => query.eq('name', 'a\u0000b'), 400, 'PGRST100'],
      ['an embed that isn\'t selected', (query) => query.eq('client_deployments.status', 'failed'), 400, 'PGRST108'],
    ];
    for (const [name, filter, status, code] of refusals) {
      it(name, async () => void refused(await filter(untyped(clients())), status, code));
    }
  });
});
