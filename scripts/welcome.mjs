import { setTimeout as sleep } from 'node:timers/promises';
import { base, firstStart, get, port } from './service.mjs';
import { bold, clearLiveLine, dim, isTerminal, liveLine, print } from './terminal.mjs';

const url = process.env.PUBLIC_URL || `http://localhost:${port}`;

/** A request that works as it stands: the demo's person, or an event of one's own. */
function example(demo, key) {
  const [path, body] = demo
    ? [
        '/v1/opt-outs',
        {
          subscriber: 'u-01842',
          channel: 'email',
          category: 'promotions',
          origin: 'shop',
          trigger: 'preference_change',
          asked: 'this',
        },
      ]
    : [
        '/v1/events',
        [
          {
            id: 'try-1',
            type: 'opted_out',
            subscriber: 'u-1',
            channel: 'email',
            category: 'promotions',
            origin: 'shop',
            asked: 'this',
          },
        ],
      ];
  return [
    `curl ${url}${path} \\`,
    `  -H 'Authorization: Bearer ${key ?? '<your API key>'}' -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(body)}'`,
  ];
}

/** The one box a newcomer needs: where it is, how to get in, and a request to try. */
export function welcome(demo) {
  const { admin_link: link, admin_key: key } = firstStart();
  const known = key ?? (process.env.SECATEUR_ADMIN_KEY || undefined);
  const rule = '─'.repeat(Math.min(process.stdout.columns || 80, 100));
  print();
  print(rule);
  print(`  ${bold('Secateur is running')}  ${demo ? dim('with demo data') : ''}`.trimEnd());
  print();
  print(`  Dashboard    ${bold(url)}`);
  if (link !== undefined) print(`  First visit  ${link}  ${dim('works once: choose your password there')}`);
  if (key !== undefined) print(`  API key      ${key}  ${dim('shown this once, stays valid')}`);
  else
    print(
      `  API key      ${dim('the one that the first start showed, or a preset one: SECATEUR_ADMIN_KEY')}`,
    );
  print(`  API          ${url}/docs`);
  print();
  print(`  Try it${demo ? ': one person leaves one stream and keeps the others' : ''}`);
  for (const line of example(demo, known)) print(`    ${line}`);
  print();
  print(dim('  Ctrl-C stops it. The data stays; the next start takes seconds.'));
  print(rule);
  return known;
}

/** Follows the demo until it has loaded: one line rewritten on a terminal, one line a quarter in a file. */
export async function followDemo(key, stopped) {
  let quarter = -1;
  while (!stopped()) {
    const progress = await get('/v1/demo', key);
    if (progress?.state === 'off') return;
    if (progress?.state === 'ready' || progress?.state === 'failed') {
      clearLiveLine();
      print(progress.state === 'ready' ? 'Demo: loaded' : `Demo: failed: ${progress.detail}`);
      return;
    }
    if (progress !== undefined && progress.total > 0) {
      const percent = Math.floor((100 * progress.loaded) / progress.total);
      const text = `Demo: ${percent} %  ${progress.detail}`.trimEnd();
      if (isTerminal) liveLine(text);
      else if (Math.floor(percent / 25) > quarter) print(text);
      quarter = Math.max(quarter, Math.floor(percent / 25));
    }
    await sleep(500);
  }
}

/** Waits until the service can accept opt-outs. */
export async function readiness(stopped) {
  while (!stopped()) {
    try {
      const response = await fetch(`${base}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) return true;
    } catch {
      // Not listening yet.
    }
    await sleep(100);
  }
  return false;
}
