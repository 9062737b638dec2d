import { readFileSync } from 'node:fs';

const manifest: { version: string } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

export const VERSION = manifest.version;

/** Stored with each slot: which program wrote it. */
export const WRITER = `aurora-logs/${VERSION}`;
