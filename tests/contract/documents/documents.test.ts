import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { password, people } from '../world/people.ts';
import { databaseUrl, program } from '../world/program.ts';
import { World } from '../world/world.ts';
import { loadBoard, watchBoard } from './board.ts';

const repository = fileURLToPath(new URL('../../../../../../', import.meta.url));
const read = (path: string) => readFileSync(join(repository, path), 'utf8');

/** What stands in a document's blocks of one kind. */
function blocks(path: string, kind: string): string[] {
  return [...read(path).matchAll(new RegExp(`^\`\`\`${kind}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text!);
}

describe('the documents', () => {
  let world: World;
  before(async () => (world = await World.open()));
  after(() => world.close());

  it('API.md has commands that run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tenantry-documents-'));
    const script = ['set -euo pipefail', ...blocks('docs/API.md', 'sh')].join('\n');
    const done = spawnSync('bash', ['-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env, URL: world.url, KEY: world.keys.publishable, EMAIL: people.manager, PASSWORD: password,
        DATABASE_URL: databaseUrl(world.database), PATH: `${dirname(program)}:${process.env.PATH}`,
      },
    });
    assert.equal(done.status, 0, `${done.stdout}\n${done.stderr}`);
    assert.match(done.stdout, /"name": ?"Alder Dental"/);
    assert.match(done.stdout, /\+44 20 7946 0123/);
    assert.match(readFileSync(join(folder, 'database.ts'), 'utf8'), /clients_enhanced/);
    rmSync(folder, { recursive: true });
  });

  it('MOVING-FROM-SUPABASE.md shows what a component becomes', () => {
    const diff = blocks('docs/MOVING-FROM-SUPABASE.md', 'diff').at(-1)!;
    const becomes = diff.split('\n').filter((line) => !line.startsWith('-')).map((line) => line.slice(1)).join('\n');
    const component = read('tests/contract/documents/board.ts').replace('../../../types/database.ts', './database.types');
    assert.equal(becomes.trimEnd(), component.trimEnd());
  });

  it('and that component works', async () => {
    const board = await loadBoard(await world.as('manager'));
    assert.deepEqual(board.counts, [{ status: 'active', count: 2 }, { status: 'suspended', count: 1 }]);
    assert.deepEqual(board.clients!.map(({ name, client_deployments }) => [name, client_deployments.length]), [['Alder Dental', 2], ['Birch Roasters', 1]]);
    watchBoard(await world.as('manager'), () => undefined)();
  });
});
