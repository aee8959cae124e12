import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { newDirectory, Service } from '../support/faults-child.js';
import { between, counted, type Random, report, seeded } from '../support/faults-count.js';
import { Connection } from '../support/faults-http.js';
import { expectExact } from '../support/faults-ledger.js';
import { registerStreams, Senders } from '../support/faults-senders.js';

/**
 * What earlier statements on the same connection may leave behind, set to the worst: another insert's token, no
 * deduplication, inserts cut into small blocks or sent later.
 */
const leaked = [
  "SET insert_deduplication_token = 'of-an-earlier-insert'",
  'SET insert_deduplicate = 0',
  'SET deduplicate_blocks_in_dependent_materialized_views = 0',
  'SET async_insert = 1',
  'SET wait_for_async_insert = 0',
  'SET max_insert_block_size = 7',
  'SET min_insert_block_size_rows = 1',
  'SET min_insert_block_size_bytes = 1',
  'SET input_format_parallel_parsing = 1',
  'SET input_format_skip_unknown_fields = 1',
  "SET date_time_input_format = 'basic'",
  'SET join_use_nulls = 0',
  'SET max_threads = 1',
];

test('nothing acknowledged is lost or repeated when the service is killed at random moments under load', async () => {
  await killedUnderLoad('sigkill', []);
});

test('the same holds with settings that leaked from earlier statements', async () => {
  await killedUnderLoad('sigkill with leaked settings', leaked);
});

async function killedUnderLoad(name: string, settings: readonly string[]): Promise<void> {
  const { seed, random } = seeded();
  const directory = newDirectory();
  const environment = { FAULTS_LEAKED: JSON.stringify(settings) };
  const kills = counted(4, 50);
  let service = await Service.start(directory.path, environment);
  // They are still in force on the connection that writes.
  if (settings.length > 0)
    await service.command(
      "SELECT throwIf(getSetting('insert_deduplication_token') != 'of-an-earlier-insert')",
    );
  const senders = new Senders(() => service.url, random);
  const connection = new Connection(() => service.url);
  await registerStreams(connection);

  const sending = senders.run();
  let replayed = 0;
  for (let kill = 0; kill < kills; kill++) {
    await senders.answered(between(random, 1, 15));
    await sleep(between(random, 5, 400));
    await service.kill();
    if (random() < 0.2) await dieWhileStarting(directory.path, environment, random);
    service = await Service.start(directory.path, environment);
    replayed += Number(/"unfinished":(\d+)/.exec(service.log)?.[1] ?? 0);
  }
  await sleep(500);
  senders.end();
  await sending;

  const found = await expectExact(service, connection, senders.acknowledged);
  const { tries } = senders.acknowledged;
  report(name, { seed, kills, 'groups replayed': replayed, 'requests repeated': tries.broken, ...found });
  connection.close();
  await service.stop();
  directory.remove();
}

async function dieWhileStarting(
  directory: string,
  environment: Record<string, string>,
  random: Random,
): Promise<void> {
  const service = Service.spawn(directory, environment);
  await sleep(between(random, 300, 2500));
  await service.kill();
}
