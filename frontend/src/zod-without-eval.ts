import { config } from 'zod';

// The page's policy forbids eval; without this zod probes for it, and the browser reports the probe as a violation.
// Imported before any schema is made.
config({ jitless: true });
