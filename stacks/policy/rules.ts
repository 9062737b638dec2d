import { IDENTITY_RULES } from './identity-rules.ts';
import { NETWORK_RULES } from './network-rules.ts';
import type { Rule } from './rule.ts';
import { SERVICE_RULES } from './service-rules.ts';
import { STORAGE_RULES } from './storage-rules.ts';

/** Every rule that every resource of every stack keeps, but for the named exceptions. */
export const RULES: readonly Rule[] = [...STORAGE_RULES, ...SERVICE_RULES, ...NETWORK_RULES, ...IDENTITY_RULES];
