import * as tf from '@tensorflow/tfjs-core';

export const backends = ['node', 'wasm', 'cpu'] as const;
export type Backend = (typeof backends)[number];

const loaders: Record<Backend, () => Promise<unknown>> = {
  node: () => import(optionalName),
  wasm: () => import('@tensorflow/tfjs-backend-wasm'),
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
};
/** An optional dependency: its build is fetched at install, which a closed network prevents. */
const optionalName: string = '@tensorflow/tfjs-node';
const registered: Record<Backend, string> = { node: 'tensorflow', wasm: 'wasm', cpu: 'cpu' };

let chosen: Promise<Backend> | undefined;

/**
 * The fastest backend that loads here and survives a step of training: native TensorFlow, else WebAssembly, else plain
 * JavaScript. Chosen once a process.
 *
 * @param log told why a backend was passed over, and which was taken
 */
export function chooseBackend(
  log: (line: string) => void = () => {},
  among: readonly Backend[] = backends,
): Promise<Backend> {
  chosen ??= firstThatWorks(log, among);
  return chosen;
}

async function firstThatWorks(log: (line: string) => void, among: readonly Backend[]): Promise<Backend> {
  for (const backend of among) {
    try {
      await quietly(loaders[backend]);
      if (!(await tf.setBackend(registered[backend]))) throw new Error('it does not start');
      await tf.ready();
      tryOneStep();
      log(`backend ${backend}`);
      return backend;
    } catch (error) {
      const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
      log(`backend ${backend} passed over: ${why}`);
    }
  }
  throw new Error(`no backend of TensorFlow works here (tried ${among.join(', ')})`);
}

/** tfjs writes an advertisement and warnings to standard output when it starts; there only the result belongs. */
async function quietly(load: () => Promise<unknown>): Promise<void> {
  const { warn, log } = console;
  console.warn = console.log = () => {};
  try {
    await load();
  } finally {
    console.warn = warn;
    console.log = log;
  }
}

/** A forward and a backward product with known answers: a build may load and still compute nothing. */
function tryOneStep(): void {
  const found = tf.tidy(() => {
    const x = tf.tensor2d([1, -2, 3, 4], [2, 2]);
    const w = tf.tensor2d([0.5, -1, 1, 2], [2, 2]);
    const hidden = tf.relu(tf.matMul(x, w));
    return [...tf.matMul(x, tf.mul(hidden, tf.step(hidden)), true, false).dataSync()];
  });
  // hidden = relu([[−1.5, −5], [5.5, 5]]) = [[0, 0], [5.5, 5]]; xᵀ hidden = [[16.5, 15], [22, 20]]
  const expected = [16.5, 15, 22, 20];
  if (found.length !== 4 || expected.some((value, i) => Math.abs(value - (found[i] as number)) > 1e-4))
    throw new Error(`a step gave ${found.join(', ')} for ${expected.join(', ')}`);
}
