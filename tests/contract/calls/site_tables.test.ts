import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { given, refused, untyped } from '../world/answers.ts';
import { alder, people } from '../world/people.ts';
import { World, type Client } from '../world/world.ts';

describe('tables of the site\'s own', () => {
  let world: World;
  before(async () => {
    world = await World.open();
    world.sql(`
      CREATE TABLE public.notes (id serial PRIMARY KEY, client_id uuid REFERENCES public.clients_enhanced, owner uuid DEFAULT auth.uid(), text text);
      CREATE TABLE public.note_tags (note integer REFERENCES public.notes, tag text);
      CREATE TABLE public.open_notes (id integer);
      ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;
      ALTER TABLE public.note_tags ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON public.notes TO authenticated USING (owner = auth.uid()) WITH CHECK (owner = auth.uid());
      CREATE POLICY own ON public.note_tags TO authenticated USING (note IN (SELECT id FROM public.notes));
      GRANT SELECT, INSERT, UPDATE, DELETE ON public.notes, public.note_tags, public.open_notes TO authenticated;
      GRANT SELECT ON public.open_notes TO anon;
      GRANT USAGE ON SEQUENCE public.notes_id_seq TO authenticated;
      INSERT INTO public.notes (client_id, owner, text) SELECT '${alder}', u.id, 'of ' || split_part(u.email, '@', 1) FROM auth.users u ORDER BY u.email;
      INSERT INTO public.note_tags SELECT n.id, 'tag' FROM public.notes n`);
  });
  after(() => world.close());

  // The compiler knows fresh installations only.
  const as = async (role: Parameters<World['as']>[0]): Promise<any> => untyped((await world.as(role)) satisfies Client);

  it('are read under the site\'s own policies, by the claims that these know', async () => {
    assert.deepEqual(given(await (await as('manager')).from('notes').select('text, note_tags(tag)')), [{ text: 'of mara', note_tags: [{ tag: 'tag' }] }]);
    assert.deepEqual(given(await (await as('super_admin')).from('notes').select('text')), [{ text: `of ${people.super_admin.split('@')[0]}` }]);
    refused(await (await as('anon')).from('notes').select('text'), 401, '42501');
  });

  it('are written under them too', async () => {
    const staff = await as('staff');
    assert.deepEqual(given(await staff.from('notes').insert({ text: 'new' }).select('text').single()), { text: 'new' });
    refused(await staff.from('notes').insert({ text: 'new', owner: alder }), 403, '42501');
  });

  it('aren\'t mixed with Tenantry\'s, which run as another role', async () => {
    refused(await (await as('manager')).from('notes').select('text, clients_enhanced(name)'), 400, 'PGRST200');
    refused(await (await as('manager')).from('clients_enhanced').select('name, notes(text)'), 400, 'PGRST200');
  });

  it('aren\'t exposed without row level security', async () => {
    refused(await (await as('anon')).from('open_notes').select('id'), 404, 'PGRST205');
  });
});
