import { de } from './messages/de.js';
import { en, type Messages } from './messages/en.js';
import { es } from './messages/es.js';
import { fr } from './messages/fr.js';

export const languages: readonly Messages[] = [en, de, fr, es];

/**
 * The language of a page: what the link asks for (`?lang=de`), else the best of Accept-Language, else English.
 * @example chooseLanguage(undefined, 'de-AT;q=0.8, en;q=0.7').code // 'de'
 */
export function chooseLanguage(asked: string | undefined, acceptLanguage: string | undefined): Messages {
  const named = languages.find((language) => language.code === asked?.toLowerCase());
  if (named !== undefined) return named;
  const wishes = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';');
      const q = parameters.map((parameter) => /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(parameter)?.[1]).find(Boolean);
      return { code: tag.trim().toLowerCase().split('-')[0] ?? '', weight: q === undefined ? 1 : Number(q) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { code } of wishes) {
    const language = languages.find((each) => each.code === code);
    if (language !== undefined) return language;
  }
  return en;
}
