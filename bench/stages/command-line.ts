import { main } from '../../apps/operator/main.ts';

/** `aurora-logs`, without the look at the version of Node.js. */
await main(process.argv);
