// Lets a child process run the TypeScript sources as they are: compiled file by file as `tsc` would, decorators and
// their types included, and kept by content, so that only the first child waits for the compiler.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(require.resolve('typescript/package.json'), 'utf8'));
const kept = join(tmpdir(), `secateur-test-sources-${version}`);
mkdirSync(kept, { recursive: true });

/** Sources import `./name.js`; the file is `name.ts`. */
export function resolve(specifier, context, next) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

export function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', source: compiled(path, readFileSync(path, 'utf8')), shortCircuit: true };
}

function compiled(path, source) {
  const file = join(kept, `${createHash('sha256').update(`${path}\n${source}`).digest('hex')}.js`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const ts = require('typescript');
  const { outputText } = ts.transpileModule(source, {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      inlineSourceMap: true,
    },
  });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, outputText);
  renameSync(draft, file);
  return outputText;
}
