import { ConsoleLogger, type LogLevel as NestLevel } from '@nestjs/common';
import type { LogLevel } from './config.js';

const levels: Readonly<Record<LogLevel, NestLevel[]>> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug'],
};

/** What Nest says while it starts is of no use to whoever runs the service. */
const frameworkContexts: ReadonlySet<unknown> = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/**
 * One JSON object a line. Everywhere else: `new Logger('Journal').log('group replayed', { rows })` with a constant
 * message and the values as fields; never an address, a token, a key, a URL, or SQL with values.
 */
export class Log extends ConsoleLogger {
  constructor(level: LogLevel) {
    super({
      json: true,
      colors: false,
      flattenParams: true,
      logLevels: levels[level],
      // A second net: no field of these names is ever printed.
      redact: ['authorization', 'cookie', 'password', 'token', 'secret', 'key', 'email', 'phone', 'url'],
    });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (frameworkContexts.has(rest.at(-1))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    // A start that fails throws what it failed of: whoever called says it, once.
    if (rest.at(-1) !== 'ExceptionHandler') super.error(message, ...rest);
  }
}

/**
 * An error without what a person may have sent: quoted text, numbers of three digits and more, and addresses in
 * its message are blanked, and of its stack only the places remain.
 */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code } = error as Error & { code?: unknown };
  const message = error.message
    .slice(0, 2000)
    .replace(/(["'`])(?:\\.|(?!\1)[^\\])*\1?/g, '$1…$1')
    .replace(/\S+@\S+/g, '…')
    .replace(/\+?\d[\d .-]{2,}/g, '…')
    .replace(/[\w-]{24,}/g, '…');
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    // The parser quotes its input, quotes within quotes.
    ...(error instanceof SyntaxError ? {} : { reason: message.slice(0, 300) }),
    at: places.slice(0, 12).map((line) => line.trim().slice(3)),
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  };
}
