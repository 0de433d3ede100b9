// Makes dist/, which the program embeds: every file as browsers get it, and beside it the same compressed.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import postcss from 'postcss';

const here = new URL('./', import.meta.url);
const modules = new URL('node_modules/', here);
const dist = new URL('dist/', here);

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

const { css, pictures } = tabler(read('@tabler/core/dist/css/tabler.min.css', modules));
put('tabler.css', css);
writeFileSync(new URL('pictures.json', dist), JSON.stringify(pictures));
put('htmx.js', read('htmx.org/dist/htmx.min.js', modules));
put('icons.svg', sprite(read('icons.txt', here).trim().split('\n')));
for (const own of ['console.css', 'console.js', 'favicon.svg']) put(own, read(own, here));

function read(path, base) {
  return readFileSync(new URL(path, base), 'utf8');
}

function put(name, text) {
  writeFileSync(new URL(name, dist), text);
  writeFileSync(new URL(`${name}.br`, dist), brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(new URL(`${name}.gz`, dist), gzipSync(text, { level: 9 }));
}

/**
 * Tabler's style sheet for pages whose policy lets pictures come from the server alone, and with a third theme, `auto`,
 * that is dark where the system is.
 */
function tabler(text) {
  const root = postcss.parse(text);
  const pictures = [];
  root.walkComments((comment) => comment.remove());
  root.walkDecls((declaration) => {
    declaration.value = declaration.value.replace(/url\("data:image\/svg\+xml,(.*?)"\)/g, (_, data) => `url(${picture(pictures, data)})`);
  });
  root.walkRules((rule) => {
    const dark = rule.selectors.filter((selector) => /^(:root|\.navbar)?\[data-bs-theme=("?)dark\2\]/.test(selector));
    if (dark.length === 0) return;
    const automatic = rule.clone({ selectors: dark.map((selector) => selector.replace(/=("?)dark\1\]/, '=auto]')) });
    const media = postcss.atRule({ name: 'media', params: '(prefers-color-scheme:dark)' });
    media.append(automatic);
    rule.after(media);
  });
  return { css: root.toString(), pictures };
}

/** The name under which a picture of a style sheet is served; kept once however often it is used. */
function picture(pictures, data) {
  const svg = decodeURIComponent(data);
  if (!pictures.includes(svg)) pictures.push(svg);
  return `picture-${pictures.indexOf(svg)}.svg`;
}

/** One file with all icons, of which pages use one at a time by its name. */
function sprite(names) {
  const symbols = names.map((name) => {
    const svg = read(`@tabler/icons/icons/outline/${name}.svg`, modules);
    const paths = svg.match(/<(path|circle|line|rect|polyline)[^>]*\/>/g).filter((path) => !path.includes('stroke="none"'));
    return `<symbol id="${name}" viewBox="0 0 24 24">${paths.join('')}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}
