import { DescribeDBInstancesCommand, type RDSClient } from '@aws-sdk/client-rds';

/**
 * Where the SDK sends this client's calls: by region and partition, FIPS and dual-stack settings, AWS_ENDPOINT_URL_RDS,
 * or the endpoint that it was given. Asks the SDK itself, with a call that is stopped before it is signed.
 */
export async function endpointOf(client: RDSClient): Promise<URL> {
  const command = new DescribeDBInstancesCommand({});
  let endpoint: URL | undefined;
  command.middlewareStack.add(
    (_next, context) => async () => {
      endpoint = context.endpointV2?.url;
      return { response: undefined, output: { $metadata: {} } };
    },
    { step: 'build' },
  );
  await client.send(command);
  if (endpoint === undefined) throw new Error('The SDK resolved no endpoint for RDS.');
  return endpoint;
}

/** Whether the server is on this machine. */
export function isLoopback(endpoint: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(endpoint.hostname);
}
