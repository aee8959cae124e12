export interface Request {
  id: number;
  call: string;
  with: unknown;
}

export interface Reply {
  id: number;
  result?: unknown;
  error?: string;
}

/**
 * Answers the calls of the process that started this one, beginning with `ready`. After `stop`, or when the parent is
 * gone, this process ends.
 */
export function serveParent(
  calls: Readonly<Record<string, (argument: never) => unknown>>,
  ready: Readonly<Record<string, unknown>>,
): void {
  const send = (reply: Reply, then = () => {}): void =>
    void process.send?.(reply, undefined, undefined, then);
  process.on('message', async ({ id, call, with: argument }: Request) => {
    const end = call === 'stop' ? () => process.exit(0) : undefined;
    try {
      send({ id, result: await calls[call]?.(argument as never) }, end);
    } catch (error) {
      send({ id, error: String(error) }, end);
    }
  });
  process.on('disconnect', () => process.exit(0));
  send({ id: 0, result: ready });
}
