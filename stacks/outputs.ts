import { TerraformOutput, type TerraformStack } from 'cdktf';

export interface Output {
  readonly value: string | readonly string[];
  readonly description: string;
  /** Kept out of logs. */
  readonly sensitive?: boolean;
}

/** Declares the outputs of a stack; each says what it is for. */
export function addOutputs(stack: TerraformStack, outputs: Readonly<Record<string, Output>>): void {
  for (const [name, { value, description, sensitive }] of Object.entries(outputs)) {
    const output = new TerraformOutput(stack, `output-${name}`, { value, description, sensitive: sensitive ?? false });
    output.overrideLogicalId(name);
  }
}
