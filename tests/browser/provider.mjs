/**
 * A real OpenID provider on this machine (npm `oidc-provider`), and a market whose people may sign in with it.
 *
 * PAIRWORK_BINARY   the program that runs the market; required
 */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const CLIENT = { client_id: 'market', client_secret: 'a secret of this test alone' };

/** The people whom the provider knows, by the name that they type there. */
const account = (id) => ({
  accountId: id,
  claims: () => ({ sub: id, email: `${id}@provider.example`, email_verified: true, name: `${id} of the provider` }),
});

/**
 * Starts both.
 *
 * @returns {Promise<{ url: string, issuer: string, stop: () => Promise<void> }>} The market's address, the provider's,
 *   and the end of both.
 */
export async function startWithProvider() {
  const binary = process.env.PAIRWORK_BINARY;
  if (!binary) throw new Error('set PAIRWORK_BINARY to the program that runs the market');
  // The market names the provider's port, and the provider the market's address. So the port comes first.
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const providers = JSON.stringify([{ id: 'local', name: 'Local', issuer, ...CLIENT }]);
  const market = spawn(binary, ['up', '--port', '0', '--parameter-overrides', `SignInProviders=${providers}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await readyUrl(market);
  server.on('request', providerAt(issuer, url).callback());
  const stop = async () => {
    market.kill('SIGINT');
    if (market.exitCode === null) await once(market, 'exit');
    server.closeAllConnections();
    server.close();
  };
  return { url, issuer, stop };
}

/** The address that the market prints when it serves. */
async function readyUrl(market) {
  for await (const line of createInterface(market.stdout)) {
    if (line.startsWith('ready ')) return line.slice('ready '.length);
  }
  throw new Error('the market ended before it was ready');
}

function providerAt(issuer, marketUrl) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return new Provider(issuer, {
    clients: [{ ...CLIENT, redirect_uris: [`${marketUrl}/sign-in-providers/local/callback`] }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'test' }] },
    cookies: { keys: ['a key of this test alone'] },
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: async (_context, id) => account(id),
  });
}
