import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { Locator, Page, Response } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page that somebody looks at, and everything that goes wrong there. */
export class Sight {
  private readonly wrong: string[] = [];
  private expected: RegExp | undefined;

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.wrong.push(`script: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.wrong.push(`console: ${message.text()}`);
    });
    page.on('requestfailed', (request) => {
      // What a newer request takes the place of isn't wrong.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') this.wrong.push(`failed: ${request.url()}`);
    });
  }

  /** Goes to a page, whose status has to be this. */
  async go(path: string, status = 200): Promise<Response> {
    // A browser notes an answer that refuses as an error of its own.
    this.isQuiet();
    this.wrong.length = 0;
    this.expected = status >= 400 ? /Failed to load resource/ : undefined;
    const answer = await this.page.goto(path);
    assert.ok(answer, `${path} gave no answer`);
    assert.equal(answer.status(), status, `${path}: ${await this.heading()}`);
    return answer;
  }

  /** Lets answers of these words be refusals from now on. */
  expect(expected: RegExp): void {
    this.expected = expected;
  }

  async heading(): Promise<string> {
    return (await this.page.locator('h1').first().textContent()) ?? '';
  }

  /** What a selector finds; of that, what holds a text. */
  by(selector: string, options: { hasText?: string | RegExp; has?: Locator } = {}): Locator {
    return this.page.locator(selector, options);
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole('link', { name });
  }

  /**
   * Keeps a picture of the page. Now and then Chromium itself can't take one of a page that is whole, and says so in these
   * words: then the page is opened once more, and that has to do.
   */
  async picture(path: string): Promise<void> {
    try {
      await this.page.screenshot({ path, fullPage: true });
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('Unable to capture screenshot')) throw error;
      const another = await this.page.context().newPage();
      await another.goto(this.page.url());
      await another.screenshot({ path, fullPage: true });
      await another.close();
    }
  }

  /** That a page has one heading, says what it shows, and nothing went wrong. */
  async isWhole(): Promise<void> {
    assert.equal(await this.page.locator('h1').count(), 1, 'one h1');
    this.isQuiet();
  }

  /** That nothing went wrong so far: no error of a script, none of the pages' policy, nothing missing. */
  isQuiet(): void {
    const { expected } = this;
    assert.deepEqual(this.wrong.filter((line) => !expected?.test(line)), [], this.page.url());
  }

  /** That nothing sticks out to the right. */
  async fits(): Promise<void> {
    const [wide, seen] = await this.page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(wide !== undefined && seen !== undefined && wide <= seen, `${this.page.url()} is ${wide} wide, of which ${seen} are seen`);
  }

  /** That axe, which is a script, finds nothing serious or critical. */
  async isAccessible(): Promise<void> {
    await this.page.evaluate(axe);
    const results = await this.page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
    const grave = results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const told = grave.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html).join(' | ')}`);
    assert.deepEqual(told, [], this.page.url());
  }
}
