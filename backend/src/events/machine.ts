import type { EventType } from '../contract/vocabulary.js';

/**
 * User agents that open or follow links without a person: mail proxies that prefetch every image, link scanners and
 * plain HTTP libraries. Such opens and clicks are kept, flagged, and left out of engagement. An opt-out is never
 * dropped for its user agent.
 *
 * @see Apple Mail Privacy Protection (fetches with the bare string "Mozilla/5.0"); vendors' own names for the rest
 */
const machineAgents: readonly RegExp[] = [
  /^Mozilla\/5\.0$/,
  /barracuda|proofpoint|mimecast|safelinks|symantec|trendmicro|fireeye|cisco-?ironport|bitdefender/i,
  /\b(bot|crawler|spider|scanner|preview)\b|HeadlessChrome/i,
  /^(curl|wget|python-requests|python-urllib|go-http-client|java|okhttp|axios|libwww-perl)\b/i,
];

/** Whether an open or click was made by a machine, as far as its own words tell. */
export function isMachine(type: EventType, metadata: Readonly<Record<string, unknown>> | undefined): boolean {
  if (type !== 'opened' && type !== 'clicked') return false;
  if (metadata?.machine === true) return true;
  const agent = metadata?.user_agent;
  return typeof agent === 'string' && isMachineAgent(agent);
}

export const isMachineAgent = (agent: string): boolean =>
  machineAgents.some((pattern) => pattern.test(agent));
