import assert from 'node:assert/strict';

/** What every call of supabase-js's table client resolves to. */
export interface Answer {
  data: unknown;
  error: { code: string; message: string; details: unknown; hint: unknown } | null;
  count: number | null;
  status: number;
}

/** The answer's data, which is there: a refusal is shown as it came. */
export function given<T extends Answer>(answer: T): NonNullable<T['data']> {
  assert.equal(answer.error, null, JSON.stringify(answer.error));
  return answer.data as NonNullable<T['data']>;
}

/** That a call was refused so; gives the refusal, for what it says. */
export function refused(answer: Answer, status: number, code: string): NonNullable<Answer['error']> {
  assert.ok(answer.error, `not refused: ${answer.status} ${JSON.stringify(answer.data)}`);
  assert.deepEqual({ status: answer.status, code: answer.error.code }, { status, code }, JSON.stringify(answer.error));
  assert.equal(answer.data, null);
  return answer.error;
}

/** One column of the rows, to say which rows they are. */
export function column<K extends string>(rows: readonly Record<K, unknown>[], name: K): unknown[] {
  return rows.map((row) => row[name]);
}

/** For a wrong use that the compiler refuses already: what plain JavaScript would send. */
export function untyped<T>(value: T): any {
  return value;
}
