import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Country of an international phone number by its prefix (`US`, `DE`); null where the number does not tell. */
export function phoneCountry(phone: string): string | null {
  return parsePhoneNumberFromString(phone)?.country ?? null;
}
