import { describe } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';
import { alder } from '../world/people.ts';

describe('branding', () => {
  const world = aWorld();
  const read = { primary: '#0a7', brand_guidelines: { tone: 'calm' } };
  asEach('as it is', world, (db) => db.from('clients_enhanced').select('primary:color_palette->>primary, brand_guidelines').eq('id', alder).maybeSingle(), {
    client: read, staff: read, manager: read, others: read,
  });
  const logo = [{ status: 'deployed', logo: 'alder.svg' }];
  asEach('of the design that runs', world, (db) =>
    db.from('client_customizations').select('status, logo:branding_config->>logo').eq('client_id', alder).eq('is_active', true), {
    client: logo, staff: logo, manager: logo, others: logo,
  });
  const written = [{ color_palette: { primary: '#111', accent: '#f90' } }];
  asEach('written', world, (db) => db.from('clients_enhanced').update({ color_palette: { primary: '#111', accent: '#f90' } }).eq('id', alder).select('color_palette'), {
    client: forbidden, staff: forbidden, manager: written, others: written,
  });
});
