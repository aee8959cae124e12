export type Progress =
  | { readonly stage: 'lambda'; readonly lambda: number; readonly loss: number }
  | {
      readonly stage: 'network';
      readonly part: number;
      readonly epoch: number;
      readonly loss: number;
      readonly best: number;
    }
  | { readonly stage: 'log'; readonly line: string };

/** Told what is going on. Where it answers false, training stops with `Cancelled`. */
export type Report = (progress: Progress) => boolean | undefined;

export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

export function reportOrStop(report: Report, progress: Progress): void {
  if (report(progress) === false) throw new Cancelled('training was cancelled');
}
