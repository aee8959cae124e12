/**
 * An address that its owner recognises and nobody else learns.
 * @example maskEmail('jane@example.com') // 'j•••@e•••.com'
 */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 1) return '•••';
  const domain = address.slice(at + 1);
  const dot = domain.lastIndexOf('.');
  const end = dot > 0 ? domain.slice(dot) : '';
  return `${first(address)}•••@${first(domain)}•••${end}`;
}

/** @example maskPhone('+4915112345678') // '+49•••78' */
export function maskPhone(number: string): string {
  return number.length < 8 ? '•••' : `${number.slice(0, 3)}•••${number.slice(-2)}`;
}

function first(text: string): string {
  return [...text][0] ?? '';
}
