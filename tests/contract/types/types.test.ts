import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

import { databaseUrl, sql, sqlFile, tenantry } from '../world/program.ts';
import { template } from '../world/world.ts';

const source = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

describe('tenantry types', () => {
  it('prints what postgres-meta prints, but for literal unions', async () => {
    await compare(template);
  });

  it('does so of everything that a site may have', async () => {
    const database = `contract_types_${randomUUID().replaceAll('-', '')}`;
    sql('postgres', `CREATE DATABASE ${database} TEMPLATE ${template}`);
    sqlFile(database, source('types/odd.sql'));
    await compare(database);
    sql('postgres', `DROP DATABASE ${database} WITH (FORCE)`);
  });

  it('does so of a database that was adopted', async () => {
    const database = `contract_adopted_${randomUUID().replaceAll('-', '')}`;
    sql('postgres', `CREATE DATABASE ${database} TEMPLATE template0`);
    for (const file of ['schema.sql', 'data.sql']) sqlFile(database, source(`../../../shared/existing-database/${file}`));
    tenantry(database, ['migrate', 'up']);
    await compare(database);
    sql('postgres', `DROP DATABASE ${database} WITH (FORCE)`);
  });

  it('prints what is kept in the repository', () => {
    assert.equal(ours(template), readFileSync(source('../../types/database.ts'), 'utf8'));
  });
});

function compare(database: string): void {
  const [one, other] = [ours(database), theirs(database)];
  assert.notEqual(one, other, 'there are literal unions');
  const [is, shouldBe] = [widened(one, other).split('\n'), other.split('\n')];
  const at = shouldBe.findIndex((line, number) => line !== is[number]);
  if (at >= 0 || is.length !== shouldBe.length) {
    const around = (lines: string[]) => lines.slice(Math.max(0, at - 3), at + 4);
    assert.deepEqual(around(is), around(shouldBe), `the first difference is in line ${at + 1}`);
  }
}

function ours(database: string): string {
  return (tenantry(database, ['types']) as { typescript: string }).typescript;
}

/** What `supabase gen types typescript` runs. */
function theirs(database: string): string {
  const server = createRequire(import.meta.url).resolve('@supabase/postgres-meta/dist/server/server.js');
  const done = spawnSync(process.execPath, [server], {
    encoding: 'utf8',
    env: {
      ...process.env,
      PG_META_DB_URL: databaseUrl(database),
      PG_META_GENERATE_TYPES: 'typescript',
      PG_META_GENERATE_TYPES_INCLUDED_SCHEMAS: 'public',
      PG_META_GENERATE_TYPES_DETECT_ONE_TO_ONE_RELATIONSHIPS: 'true',
      PG_META_POSTGREST_VERSION: '14',
    },
  });
  assert.equal(done.status, 0, done.stderr);
  // It is printed with a line's end besides its own.
  return `${done.stdout.trimEnd()}\n`;
}

/** The file with each union of literals made the text that the other file has there. */
function widened(file: string, other: string): string {
  const texts = new Map(properties(other).map(({ path, type }) => [path, type.getText()]));
  const edits = properties(file)
    .filter(({ path, type }) => /^string( \| null)?$/.test(texts.get(path) ?? '') && isOfLiterals(type))
    .map(({ path, name, type }) => ({ from: name.end, to: type.end, text: `: ${texts.get(path)}` }));
  return edits.reduceRight((text, { from, to, text: instead }) => {
    const mark = text.slice(from).startsWith('?') ? '?' : '';
    return text.slice(0, from) + mark + instead + text.slice(to);
  }, file);
}

/** A union in which every member but null is a text: nothing else may differ. */
function isOfLiterals(type: ts.TypeNode): boolean {
  const members = ts.isUnionTypeNode(type) ? [...type.types] : [type];
  return members.filter((member) => ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal)).length > 0
    && members.every((member) => ts.isLiteralTypeNode(member));
}

interface Property {
  path: string;
  name: ts.PropertyName;
  type: ts.TypeNode;
}

/** Every property of `Database`, by its path. */
function properties(text: string): Property[] {
  const file = ts.createSourceFile('database.ts', text, ts.ScriptTarget.Latest, true);
  const found: Property[] = [];
  const visit = (node: ts.Node, path: string) => {
    if (ts.isPropertySignature(node) && node.type) {
      path = `${path}/${node.name.getText()}`;
      found.push({ path, name: node.name, type: node.type });
    }
    ts.forEachChild(node, (child) => visit(child, path));
  };
  visit(file, '');
  return found;
}
