import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { alder } from '../world/people.ts';
import { World } from '../world/world.ts';

interface Request {
  path: string;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What a caller can tell two answers apart by. */
interface Told {
  status: number;
  range: string | null;
  applied: string | null;
  type: string | null;
  body: string;
}

describe('what is accepted is honoured, and what isn\'t honoured is refused', () => {
  let world: World;
  before(async () => (world = await World.open()));
  after(() => world.close());

  async function told({ path, method = 'GET', body, headers = {} }: Request): Promise<Told> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
    const answer = await world.fetch('admin', `/rest/v1/${path}`, { method, headers, ...sent });
    const [range, applied, type] = ['content-range', 'preference-applied', 'content-type'].map((name) => answer.headers.get(name));
    return { status: answer.status, range: range!, applied: applied!, type: type!, body: await answer.text() };
  }

  const clients = 'clients_enhanced?select=name&order=name';
  const embedded = 'clients_enhanced?select=name,client_deployments(deployment_name)&order=name';

  describe('of a read', () => {
    const accepted: [string, Request, Request][] = [
      ['select', { path: 'clients_enhanced?order=name' }, { path: 'clients_enhanced?order=name&select=id' }],
      ['select, empty', { path: 'clients_enhanced?order=name' }, { path: 'clients_enhanced?order=name&select=' }],
      ['order', { path: 'clients_enhanced?select=name&order=name' }, { path: 'clients_enhanced?select=name&order=name.desc' }],
      ['limit', { path: clients }, { path: `${clients}&limit=1` }],
      ['limit=0', { path: clients }, { path: `${clients}&limit=0` }],
      ['offset', { path: clients }, { path: `${clients}&offset=1` }],
      ['a filter', { path: clients }, { path: `${clients}&tier=eq.basic` }],
      ['a filter, negated', { path: `${clients}&tier=eq.basic` }, { path: `${clients}&tier=not.eq.basic` }],
      ['a filter, twice', { path: `${clients}&name=gt.B` }, { path: `${clients}&name=gt.B&name=lt.C` }],
      ['or', { path: clients }, { path: `${clients}&or=(tier.eq.basic,tier.eq.premium)` }],
      ['and', { path: clients }, { path: `${clients}&and=(tier.eq.basic,status.eq.suspended)` }],
      ['not.or', { path: `${clients}&or=(tier.eq.basic)` }, { path: `${clients}&not.or=(tier.eq.basic)` }],
      ['an embed\'s order', { path: `${embedded}&client_deployments.order=deployment_name` }, { path: `${embedded}&client_deployments.order=deployment_name.desc` }],
      ['an embed\'s limit', { path: embedded }, { path: `${embedded}&client_deployments.limit=1` }],
      ['an embed\'s offset', { path: embedded }, { path: `${embedded}&client_deployments.offset=1` }],
      ['an embed\'s filter', { path: embedded }, { path: `${embedded}&client_deployments.status=eq.failed` }],
      ['an embed\'s or', { path: embedded }, { path: `${embedded}&client_deployments.or=(status.eq.failed,status.eq.pending)` }],
      ['!inner', { path: embedded }, { path: embedded.replace('client_deployments(', 'client_deployments!inner(').concat('&client_deployments.status=eq.failed') }],
      ['Prefer: count', { path: `${clients}&limit=1` }, { path: `${clients}&limit=1`, headers: { prefer: 'count=exact' } }],
      ['Prefer: handling', { path: clients }, { path: clients, headers: { prefer: 'handling=strict' } }],
      ['Accept: one object', { path: `${clients}&limit=1` }, { path: `${clients}&limit=1`, headers: { accept: 'application/vnd.pgrst.object+json' } }],
      ['Accept: CSV', { path: clients }, { path: clients, headers: { accept: 'text/csv' } }],
    ];
    for (const [name, without, withIt] of accepted) {
      it(name, async () => {
        const [plain, asked] = [await told(without), await told(withIt)];
        assert.ok(asked.status < 300, asked.body);
        assert.notDeepEqual(asked, plain);
      });
    }
  });

  describe('of a write', () => {
    const headers = { prefer: 'return=representation' };
    const template = (template_name: string, rest: object = {}) => ({ template_name, ...rest });

    it('Prefer: return', async () => {
      const path = `clients_enhanced?id=eq.${alder}`;
      const silent = await told({ path, method: 'PATCH', body: { phone: '1' }, headers: { prefer: 'return=minimal' } });
      const said = await told({ path, method: 'PATCH', body: { phone: '2' }, headers });
      assert.deepEqual([silent.status, silent.applied, said.status, said.applied], [204, 'return=minimal', 200, 'return=representation']);
    });

    it('columns', async () => {
      const path = 'deployment_templates?select=template_name,description';
      const insert = (name: string, more: string) =>
        told({ path: `${path}${more}`, method: 'POST', body: [template(name, { description: 'x' })], headers: { prefer: 'return=representation, missing=default' } });
      const [whole, part] = [await insert('H1', ''), await insert('H2', '&columns=template_name')];
      assert.deepEqual([JSON.parse(whole.body)[0].description, JSON.parse(part.body)[0].description], ['x', null]);
    });

    it('Prefer: missing', async () => {
      const path = 'clients_enhanced?select=name,tier';
      const rows = (name: string) => [{ name, email: `${name}@h.example` }, { name: `${name}2`, email: `${name}2@h.example`, tier: 'basic' }];
      const asNull = await told({ path, method: 'POST', body: rows('miss'), headers });
      const asDefault = await told({ path, method: 'POST', body: rows('hit'), headers: { prefer: 'return=representation, missing=default' } });
      assert.deepEqual([asNull.status, asDefault.status], [400, 201]);
      assert.match(asDefault.applied!, /missing=default/);
    });

    it('Prefer: resolution, on_conflict', async () => {
      const path = 'deployment_templates?select=description&on_conflict=template_name';
      const body = template('Local Release', { description: 'resolved' });
      const refused = await told({ path: 'deployment_templates?select=description', method: 'POST', body, headers });
      assert.equal(refused.status, 409);
      const ignored = await told({ path, method: 'POST', body, headers: { prefer: 'return=representation, resolution=ignore-duplicates' } });
      const merged = await told({ path, method: 'POST', body, headers: { prefer: 'return=representation, resolution=merge-duplicates' } });
      assert.deepEqual([JSON.parse(ignored.body), JSON.parse(merged.body)], [[], [{ description: 'resolved' }]]);
      assert.match(merged.applied!, /resolution=merge-duplicates/);
    });

    it('Prefer: max-affected', async () => {
      const request = { path: 'clients_enhanced?status=eq.active', method: 'PATCH', body: { phone: '3' } };
      const [without, withIt] = [await told(request), await told({ ...request, headers: { prefer: 'max-affected=1' } })];
      assert.deepEqual([without.status, withIt.status], [204, 400]);
    });

    it('If-Match', async () => {
      const request = { path: `clients_enhanced?id=eq.${alder}`, method: 'PATCH', body: { phone: '4' } };
      const [without, withIt] = [await told(request), await told({ ...request, headers: { 'if-match': '"2020-01-01T00:00:00+00:00"' } })];
      assert.deepEqual([without.status, withIt.status], [204, 412]);
    });

    it('limit and order, which would change fewer rows than were named', async () => {
      for (const more of ['limit=1', 'order=name', 'offset=1']) {
        const answer = await told({ path: `clients_enhanced?status=eq.active&${more}`, method: 'PATCH', body: { phone: '5' } });
        assert.ok(answer.status === 400 || answer.status === 204, answer.body);
        if (answer.status === 204) assert.equal(world.sql(`SELECT count(*) FROM clients_enhanced WHERE phone = '5'`), '1', more);
        world.sql(`UPDATE clients_enhanced SET phone = NULL`);
      }
    });
  });

  describe('what there isn\'t', () => {
    const refused: [string, Request, number][] = [
      ['a parameter', { path: `${clients}&page=2` }, 400],
      ['a parameter that looks like a filter', { path: `${clients}&page=eq.2` }, 400],
      ['a parameter twice', { path: `${clients}&limit=1&limit=2` }, 400],
      ['an embed\'s parameter without the embed', { path: `${clients}&client_deployments.limit=1` }, 400],
      ['an embed\'s parameter with another embed', { path: `${embedded}&client_customizations.order=id` }, 400],
      ['on_conflict of a read', { path: `${clients}&on_conflict=id` }, 400],
      ['columns of a read', { path: `${clients}&columns=name` }, 400],
      ['a Range header', { path: clients, headers: { range: '0-1' } }, 400],
      ['If-None-Match', { path: clients, headers: { 'if-none-match': '"1"' } }, 400],
      ['If-Match of a read', { path: clients, headers: { 'if-match': '"1"' } }, 400],
      ['another schema', { path: clients, headers: { 'accept-profile': 'auth' } }, 406],
      ['another media type', { path: clients, headers: { accept: 'application/geo+json' } }, 406],
      ['nulls stripped', { path: clients, headers: { accept: 'application/vnd.pgrst.array+json;nulls=stripped' } }, 406],
      ['Prefer: tx', { path: clients, headers: { prefer: 'tx=rollback' } }, 400],
      ['Prefer: timezone', { path: clients, headers: { prefer: 'timezone=UTC' } }, 400],
      ['Prefer: count, of a kind that there isn\'t', { path: clients, headers: { prefer: 'count=roughly' } }, 400],
      ['Prefer that nobody knows, handled strictly', { path: clients, headers: { prefer: 'handling=strict, polite=yes' } }, 400],
      ['Prefer: resolution of a change', { path: `clients_enhanced?id=eq.${alder}`, method: 'PATCH', body: { phone: '6' }, headers: { prefer: 'resolution=merge-duplicates' } }, 400],
      ['a method', { path: clients, method: 'PUT', body: {} }, 405],
    ];
    for (const [name, request, status] of refused) {
      it(name, async () => {
        const answer = await told(request);
        assert.equal(answer.status, status, answer.body);
        const { code, message } = JSON.parse(answer.body) as { code: string; message: string };
        assert.ok(code && message);
      });
    }
  });
});
