/** 1 / (1 + e^−z), without overflow. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const small = Math.exp(z);
  return small / (1 + small);
}

/** log(1 + e^z), without overflow and with its digits for large −z. */
export function softplus(z: number): number {
  return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
}

/** log(p / (1 − p)) of a probability held in [least, 1 − least]. */
export function logit(probability: number, least = 1e-15): number {
  const held = Math.min(1 - least, Math.max(least, probability));
  return Math.log(held / (1 - held));
}
