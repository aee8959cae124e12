/**
 * The text with every comment and the inside of every quoted name and string blanked by spaces, character for
 * character, so that keywords and braces can be looked for by position.
 */
export function blank(sql: string): string {
  return sql.replace(
    /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\]|\\[\s\S]|'')*'?|"(?:[^"\\]|\\[\s\S]|"")*"?|`(?:[^`\\]|\\[\s\S]|``)*`?/g,
    (hidden) =>
      /^['"`]/.test(hidden) ? hidden.replace(/(?!^)[^\n](?!$)/g, ' ') : hidden.replace(/[^\n]/g, ' '),
  );
}

/**
 * One statement without its trailing semicolon.
 * @param where what to name in the error, a file or a query
 * @throws Error if the text holds no statement, or more than one: an embedded engine runs both, a server refuses
 */
export function oneStatement(sql: string, where: string): string {
  const visible = blank(sql);
  const end = visible.search(/[\s;]*$/);
  if (end === 0 || visible.trim() === '') throw new Error(`${where} holds no statement`);
  if (visible.slice(0, end).includes(';'))
    throw new Error(`${where} holds more than one statement: one a file`);
  return sql.slice(0, end);
}

/** A setting's value as it stands in a SETTINGS clause: text is quoted. */
export type Settings = Readonly<Record<string, number | string>>;

/** A ClickHouse string literal. NUL is escaped because the engine's C interface would end the text there. */
export function stringLiteral(text: string): string {
  return `'${text.replace(/[\\'\0]/g, (character) => (character === '\0' ? '\\0' : `\\${character}`))}'`;
}

export function settingsList(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : stringLiteral(value)}`)
    .join(', ');
}

/**
 * Adds settings to a SELECT in its text. They cannot travel beside it: the embedded engine would keep them on
 * its connection for every later statement.
 */
export function withSettings(statement: string, settings: Settings): string {
  // Assignments to the very end tell the clause from a table of that name.
  const hasOwn = /\bSETTINGS\s+\w+\s*=[^()]*$/i.test(blank(statement));
  return `${statement}\n${hasOwn ? ',' : 'SETTINGS'} ${settingsList(settings)}`;
}

/** A Map(String, String) as a setting takes it in a text. */
export function mapLiteral(map: Readonly<Record<string, string>>): string {
  const entries = Object.entries(map).map(([key, value]) => `${stringLiteral(key)}: ${stringLiteral(value)}`);
  return `{${entries.join(', ')}}`;
}
