import { Injectable } from '@nestjs/common';

/** What one part of the service says of itself: whether it can do its work, and any figures beside. */
export interface Report {
  readonly ready: boolean;
  readonly [figure: string]: unknown;
}

export type Probe = () => Report | Promise<Report>;

/** A part that does not answer in this time is not ready. */
const patienceMilliseconds = 2000;

/** Each part registers a probe when it starts; `/readyz` asks them all. */
@Injectable()
export class Readiness {
  readonly #probes = new Map<string, Probe>();

  /** @example readiness.register('journal', () => ({ ready: true, waiting: false, depth: 0 })) */
  register(name: string, probe: Probe): void {
    this.#probes.set(name, probe);
  }

  /** Ready if every part is; the figures of each part under its name. */
  async report(): Promise<Report> {
    const parts = await Promise.all(
      Array.from(this.#probes, async ([name, probe]) => [name, await ask(probe)] as const),
    );
    const figures = parts.map(([name, { ready, ...rest }]) => [
      name,
      Object.keys(rest).length === 0 ? { ready } : rest,
    ]);
    return { ready: parts.every(([, { ready }]) => ready), ...Object.fromEntries(figures) };
  }
}

async function ask(probe: Probe): Promise<Report> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Report>((answer) => {
    timer = setTimeout(() => answer({ ready: false, error: 'no answer' }), patienceMilliseconds);
  });
  try {
    return await Promise.race([Promise.resolve().then(probe), late]);
  } catch (error) {
    return { ready: false, error: error instanceof Error ? error.name : 'failed' };
  } finally {
    clearTimeout(timer);
  }
}
