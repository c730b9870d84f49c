// A server that is on the internet as far as Hearth can tell, and in truth on this computer.
import path from 'node:path';

/** The name that far-away.cjs leads to this computer. */
export const FAR_AWAY = 'models.example.org';

/** For the command line that Hearth is started with. */
export const farAway = ['-r', path.join(import.meta.dirname, 'far-away.cjs')];
