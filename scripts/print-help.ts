import { createProgram } from '../apps/operator/main.ts';
import manifest from '../package.json' with { type: 'json' };
import { helpText } from './help-text.ts';

process.stdout.write(helpText(manifest.scripts, await createProgram()));
